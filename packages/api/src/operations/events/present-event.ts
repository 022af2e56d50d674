import type { EventRow } from '@private-connect/db'
import type { Event } from '../../contracts/index.ts'

/** An event as callers see it. */
export function presentEvent({ id, seq, type, data, createdAt }: EventRow): Event {
  const createdText = createdAt.toISOString()
  // Shares' first events, of hubs before this, told less.
  const complete = { ipAddress: null, timestamp: createdText, ...data }
  return { id, seq, type, data: complete, createdAt: createdText } as unknown as Event
}
