import { randomBytes } from 'node:crypto'

/** What the vault binds a webhook's secret to. */
export function webhookSecretBinding(webhookId: string): string {
  return `webhook.secret ${webhookId}`
}

/** 32 random bytes in the form of Standard Webhooks. */
export function mintWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}
