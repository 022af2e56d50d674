import type { WebhookRow } from '@private-connect/db'
import type { Webhook } from '../../contracts/index.ts'

export function presentWebhook(row: WebhookRow, nowMs: number): Webhook {
  const { disabledAt, previousSecretExpiresAt: previous } = row
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    isEnabled: disabledAt === null,
    disabledReason: disabledAt === null ? null : (row.disabledReason as Webhook['disabledReason']),
    failingSince: row.failingSince?.toISOString() ?? null,
    previousSecretExpiresAt: previous !== null && previous.getTime() > nowMs ? previous.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
