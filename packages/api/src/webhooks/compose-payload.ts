import type { EventRow } from '@private-connect/db'

/** What a webhook's body is made of; docs/webhooks.md shows it. */
export type PayloadEvent = Pick<EventRow, 'id' | 'type' | 'data' | 'createdAt'> & { readonly seq: number }

/** The body that is signed and sent, the same bytes in every attempt. */
export function composePayload({ id, seq, type, data, createdAt }: PayloadEvent): string {
  return JSON.stringify({ event: type, data: { timestamp: createdAt.toISOString(), ...data }, id, seq })
}

/** The body of a test; its event is in no stream, so it has no number. */
export function composeTestPayload(test: {
  readonly id: string
  readonly webhookId: string
  readonly at: Date
}): string {
  const data = { webhookId: test.webhookId, timestamp: test.at.toISOString() }
  return JSON.stringify({ event: testEventType, data, id: test.id, seq: null })
}

export const testEventType = 'webhook.test'
