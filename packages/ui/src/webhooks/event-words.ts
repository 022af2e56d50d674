import type { webhookEventTypes } from '@private-connect/api/contracts'

export type EventName = (typeof webhookEventTypes)[number]

/** What each event says, for whoever chooses. */
export const eventWords: Readonly<Record<EventName, string>> = {
  'share.created': 'something was shared',
  'share.accessed': 'a visitor came',
  'share.denied': 'a visitor was refused',
  'share.query': 'a shared database was asked',
  'share.revoked': 'a share was revoked',
  'share.expired': 'a share has ended by itself',
  'agent.online': 'a machine is connected',
  'agent.offline': 'a machine is away',
}

/** How many of all there are, or which: a card has room for no more than two names. */
export function tellEvents(events: readonly string[], all: number): string {
  if (events.length === all) return 'all events'
  return events.length <= 2 ? events.join(' and ') : `${events.length} of ${all} events`
}
