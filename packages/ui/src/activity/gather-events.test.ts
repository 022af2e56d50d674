import type { Event } from '@private-connect/api/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addEvent, joinEvents, outdatedBy, shareOf } from './gather-events.ts'

const createdAt = '2026-03-02T10:00:00.000Z'
const agent = { agentId: 'agent_1', agentName: 'laptop', timestamp: createdAt }
const eventOf = (seq: number): Event => ({
  id: `evt_${seq}`,
  seq,
  createdAt,
  type: 'agent.online',
  data: agent,
})
const seqsOf = (events: readonly Event[]): number[] => events.map(({ seq }) => seq)

describe('events', () => {
  it('are kept newest first, each once, and not without end', () => {
    let events: readonly Event[] = []
    for (let seq = 1; seq <= 300; seq += 1) events = addEvent(addEvent(events, eventOf(seq)), eventOf(seq))
    expect([events.length, events[0]?.seq, events.at(-1)?.seq]).toEqual([200, 300, 101])
  })

  it('that came and that were read are one list', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 50 }))
    fc.assert(
      fc.property(numbers, numbers, (came, read) => {
        const newestFirst = (seqs: number[]) => seqs.toSorted((a, b) => b - a)
        const joined = joinEvents(newestFirst(came).map(eventOf), newestFirst(read).map(eventOf))
        expect(seqsOf(joined)).toEqual(newestFirst([...new Set([...came, ...read])]))
      }),
    )
  })

  it('say which lists they change, and which share they are about', () => {
    expect(outdatedBy({ type: 'agent.offline' })).toContain('agents')
    expect(outdatedBy({ type: 'share.query' })).toContain('share-queries')
    expect(outdatedBy({ type: 'share.accessed' })).toEqual(['events', 'shares'])
    expect(shareOf(eventOf(1))).toBe(null)
    const data = { shareId: 'share_1', shareName: 'demo', ipAddress: null, timestamp: createdAt }
    expect(shareOf({ ...eventOf(1), type: 'share.expired', data })).toBe('share_1')
  })
})
