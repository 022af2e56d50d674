import type { AnsweredVisit } from '@private-connect/proxy/serve'
import { describe, expect, it, vi } from 'vitest'
import { VisitEvents, type VisitBatch } from './visit-events.ts'

const log = { warn: vi.fn() }
const minuteMs = 60_000

function create(changes: Partial<ConstructorParameters<typeof VisitEvents>[0]> = {}) {
  const clock = { ms: 0 }
  const batches: VisitBatch[] = []
  const touched: string[] = []
  const visits = new VisitEvents({
    tell: async (batch) => {
      batches.push(batch)
      return [{ workspaceId: 'ws_1' }]
    },
    touch: async (visitors) => void touched.push(...visitors.map(({ visitorId }) => visitorId)),
    eventsAppended: () => {},
    log,
    monotonicMs: () => clock.ms,
    ...changes,
  })
  const seen = () => batches.flatMap((batch) => batch.seen.map(({ visitorId }) => visitorId))
  const denied = () => batches.flatMap((batch) => batch.denied.map(({ reason }) => reason))
  return { visits, clock, batches, touched, seen, denied }
}

const visitOf = (visitorId: string, ipAddress = '203.0.113.42'): AnsweredVisit => ({
  shareId: 'share_1',
  workspaceId: 'ws_1',
  visitorId,
  ipAddress,
  userAgent: 'Mozilla/5.0 Firefox/140.0',
  timestampMs: 0,
})
const recordOf = (visitorId: string, denied: 'share.inactive' | 'share.rate_limited') => ({
  ...visitOf(visitorId),
  path: '/',
  method: 'GET',
  statusCode: 403,
  latencyMs: 1,
  bytesIn: 0,
  bytesOut: 0,
  denied,
})

// Guarantee (SPEC §9): thousands of requests of a visitor are one visit, and a flood of visitors is bounded.
describe('visits', () => {
  it('are told at once after a pause, and in a crowd together', async () => {
    const { visits, batches, seen } = create({ pauseMs: 60_000 })
    visits.answered(visitOf('visitor_1'))
    // Within the pause that follows, which is over only with the close.
    await vi.waitFor(() => expect(seen()).toEqual(['visitor_1']), { interval: 1 })
    for (let n = 2; n <= 20; n += 1) visits.answered(visitOf(`visitor_${n}`))
    await visits.close()
    expect(batches.map((batch) => batch.seen.length)).toEqual([1, 19])
  })

  it('are one for any number of requests, and another after five idle minutes', async () => {
    const { visits, clock, seen } = create()
    for (let n = 0; n < 5000; n += 1) visits.answered(visitOf('visitor_1'))
    await visits.close()
    // Four minutes apart it is the same visit, however long it lasts.
    for (let n = 0; n < 10; n += 1) {
      clock.ms += 4 * minuteMs
      visits.answered(visitOf('visitor_1'))
    }
    await visits.close()
    expect(seen()).toEqual(['visitor_1'])
    clock.ms += 5 * minuteMs
    visits.answered(visitOf('visitor_1'))
    await visits.close()
    expect(seen()).toEqual(['visitor_1', 'visitor_1'])
  })

  it('of one who stays are noted in the store about once a minute', async () => {
    const { visits, clock, touched } = create()
    for (let n = 0; n < 600; n += 1) {
      visits.answered(visitOf('visitor_1'))
      clock.ms += 1000
      await visits.close()
    }
    expect(touched.length).toBeGreaterThanOrEqual(8)
    expect(touched.length).toBeLessThanOrEqual(10)
  })

  it('refused are told once for each reason in five minutes', async () => {
    const { visits, clock, denied } = create()
    for (let n = 0; n < 100; n += 1) {
      visits.ended(recordOf('visitor_1', 'share.inactive'))
      visits.ended(recordOf('visitor_1', 'share.rate_limited'))
    }
    await visits.close()
    expect(denied()).toEqual(['share.inactive', 'share.rate_limited'])
    clock.ms += 5 * minuteMs
    visits.ended(recordOf('visitor_1', 'share.inactive'))
    await visits.close()
    expect(denied()).toHaveLength(3)
  })

  it('of one network that pretends to be many are bounded and counted', async () => {
    const { visits, seen } = create({ perNetworkMax: 60, perShareMax: 100 })
    for (let n = 0; n < 1000; n += 1) visits.answered(visitOf(`visitor_${n}`))
    for (let n = 0; n < 1000; n += 1) visits.answered(visitOf(`visitor_b${n}`, `198.51.100.${n % 250}`))
    await visits.close()
    expect(seen()).toHaveLength(100)
    expect(visits.untoldCount).toBe(1900)
  })

  it('wait for a store that is away, in bounded memory', async () => {
    let isAway = true
    const told: string[] = []
    const { visits } = create({
      waitingMax: 10,
      tell: async ({ seen }) => {
        if (isAway) throw new Error('no database')
        told.push(...seen.map(({ visitorId }) => visitorId))
        return []
      },
    })
    for (let n = 0; n < 30; n += 1) visits.answered(visitOf(`visitor_${n}`))
    await vi.waitFor(() => expect(log.warn).toHaveBeenCalled(), { timeout: 10_000 })
    isAway = false
    await vi.waitFor(() => expect(told).toHaveLength(10), { timeout: 5_000 })
    expect(visits.untoldCount).toBe(20)
    await visits.close()
  })
})
