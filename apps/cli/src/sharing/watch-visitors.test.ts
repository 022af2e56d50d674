import type { Event } from '@private-connect/api/contracts'
import { describe, expect, it } from 'vitest'
import type { StreamedEvent } from '../hub/event-stream.ts'
import { watchVisitors } from './watch-visitors.ts'

const shareId = 'share_01kq3v7d2m8x5f9b4n6c0h1jtw'
const createdAt = '2026-03-02T11:00:00.000Z'
const happened = (seq: number, type: Event['type'], patch: object = {}): StreamedEvent => ({
  seq,
  data: JSON.stringify({
    id: 'evt_01kq3v7d2m8x5f9b4n6c0h1jtw',
    seq,
    type,
    createdAt,
    data: {
      shareId,
      shareName: 'demo',
      ipAddress: '203.0.113.42',
      timestamp: createdAt,
      visitorId: `visitor_${seq}`,
      isBot: false,
      isReturning: false,
      ...patch,
    },
  }),
})
const came = (seq: number) => happened(seq, 'share.accessed')

interface Lost {
  readonly told: readonly StreamedEvent[]
  readonly afterMs?: number
}

/** Watches through streams that tell something and are lost, until there is none left. */
async function watch(streams: readonly Lost[]) {
  const [stop, asked, shown, waits] = [new AbortController(), [], [], []] as [
    AbortController,
    number[],
    string[],
    number[],
  ]
  let nowMs = 0
  await watchVisitors({
    shareId,
    signal: stop.signal,
    random: () => 0,
    monotonicMs: () => nowMs,
    wait: async (ms) => waits.push(ms),
    onArrival: ({ visitorId }) => shown.push(visitorId),
    hub: {
      async *streamEvents({ afterSeq }) {
        const next = streams[asked.push(afterSeq) - 1]
        if (next === undefined) stop.abort()
        yield* next?.told ?? []
        nowMs += next?.afterMs ?? 0
        throw new Error('lost')
      },
    },
  })
  return { asked, shown, waits }
}

describe('watchVisitors', () => {
  it('shows each once, and goes on where a lost stream was', async () => {
    const { asked, shown } = await watch([
      { told: [came(1), came(4)] },
      { told: [] },
      { told: [came(4), came(3), came(6)] },
    ])
    expect(shown).toEqual(['visitor_1', 'visitor_4', 'visitor_6'])
    expect(asked).toEqual([0, 4, 4, 6])
  })

  it('passes over what is no visitor, or of a hub that knows more', async () => {
    const { asked, shown } = await watch([
      {
        told: [
          happened(1, 'share.created'),
          happened(2, 'share.denied', { reason: 'share.path_not_allowed' }),
          { seq: 3, data: '{"type":"share.admired"}' },
          { seq: 4, data: 'no JSON' },
          { seq: Number.NaN, data: came(5).data },
          came(6),
        ],
      },
    ])
    expect(shown).toEqual(['visitor_6'])
    expect(asked).toEqual([0, 6])
  })

  it('asks ever more rarely, and soon again after a stream that held', async () => {
    const lost = { told: [], afterMs: 9_999 }
    const { waits } = await watch([lost, lost, lost, { told: [], afterMs: 10_000 }, lost])
    expect(waits.slice(0, 5)).toEqual([500, 1000, 2000, 500, 1000])
  })
})
