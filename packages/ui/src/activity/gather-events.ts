import type { Event } from '@private-connect/api/contracts'

/** What a window keeps by itself; the lists, which are read again while it fills, have the rest. */
const keptMax = 200

/** Newest first, each once. */
export function addEvent(events: readonly Event[], event: Event): readonly Event[] {
  if (events.some(({ seq }) => seq === event.seq)) return events
  return [event, ...events].slice(0, keptMax)
}

/** What was read and what has come since as one list, newest first, each once. */
export function joinEvents(live: readonly Event[], read: readonly Event[]): readonly Event[] {
  const seen = new Set(live.map(({ seq }) => seq))
  return [...live, ...read.filter(({ seq }) => !seen.has(seq))].toSorted((a, b) => b.seq - a.seq)
}

/** Lists that an event makes out of date, by the first part of their query keys. */
export function outdatedBy({ type }: Pick<Event, 'type'>): readonly string[] {
  if (type === 'agent.online' || type === 'agent.offline') return ['events', 'agents', 'services']
  return type === 'share.query' ? ['events', 'shares', 'share-queries'] : ['events', 'shares']
}

/** The share that an event is about, if it is about one. */
export function shareOf(event: Event): string | null {
  return 'shareId' in event.data ? event.data.shareId : null
}
