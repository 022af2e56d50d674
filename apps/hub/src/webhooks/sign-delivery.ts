import { createHmac } from 'node:crypto'

export interface SignedMessage {
  /** The same in every attempt. It has no dot, which separates what is signed. */
  readonly id: string
  readonly body: string
  readonly nowMs: number
  /** Each `whsec_` and base64; the newest first. */
  readonly secrets: readonly string[]
}

/** The headers of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, once by each secret. */
export function signDelivery({ id, body, nowMs, secrets }: SignedMessage): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
