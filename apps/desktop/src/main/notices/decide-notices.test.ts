import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  forgetOthers,
  hearVisit,
  pauseMs,
  wake,
  type Notice,
  type NoticeContext,
  type NoticeMemory,
  type Visit,
} from './decide-notices.ts'

const visit = (changes: Partial<Visit> = {}): Visit => ({
  shareId: 'share_1',
  shareName: 'shop',
  visitorId: 'ada',
  ipAddress: '203.0.113.7',
  isBot: false,
  isReturning: false,
  ...changes,
})
const context = (nowMs: number, changes: Partial<NoticeContext> = {}): NoticeContext => ({
  nowMs,
  notifies: true,
  snoozedUntilMs: null,
  isPresenting: false,
  ...changes,
})

/** Visits and wakings one after the other. */
function play(steps: readonly (readonly [Visit | 'wake', NoticeContext])[]) {
  let memory: NoticeMemory = new Map()
  const told: Notice[][] = []
  let wakeAtMs: number | null = null
  for (const [step, at] of steps) {
    const decision = step === 'wake' ? wake(memory, at) : hearVisit(memory, step, at)
    memory = decision.memory
    wakeAtMs = decision.wakeAtMs
    told.push([...decision.notices])
  }
  return { told, wakeAtMs, memory }
}

describe('what a person is told of visits', () => {
  it('is the first of each visitor, at once', () => {
    const { told, wakeAtMs } = play([[visit(), context(0)]])
    expect(told).toEqual([
      [{ shareId: 'share_1', shareName: 'shop', count: 1, isMore: false, ipAddress: '203.0.113.7' }],
    ])
    expect(wakeAtMs).toBeNull()
  })

  it.each([
    ['who came before', { isReturning: true }],
    ['that is a link preview', { isBot: true }],
  ])('is nothing of one %s', (_who, changes) => {
    expect(play([[visit(changes), context(0)]]).told).toEqual([[]])
  })

  it('is nothing of the same visitor again', () => {
    const { told } = play([
      [visit(), context(0)],
      [visit(), context(10 * pauseMs)],
    ])
    expect(told[1]).toEqual([])
  })

  it('is one notice of a share a minute, and then how many more there were', () => {
    const { told, wakeAtMs } = play([
      [visit({ visitorId: 'a' }), context(0)],
      [visit({ visitorId: 'b' }), context(1000)],
      [visit({ visitorId: 'c' }), context(2000)],
      ['wake', context(pauseMs - 1)],
      [visit({ visitorId: 'd' }), context(pauseMs - 1)],
      ['wake', context(pauseMs)],
    ])
    // Of several it is nobody's address.
    expect(told.map((notices) => notices.map((notice) => [notice.count, notice.ipAddress]))).toEqual([
      [[1, '203.0.113.7']],
      [],
      [],
      [],
      [],
      [[3, null]],
    ])
    expect(told.flat().map(({ isMore }) => isMore)).toEqual([false, true])
    expect(wakeAtMs).toBeNull()
    expect(
      play([
        [visit({ visitorId: 'a' }), context(0)],
        [visit({ visitorId: 'b' }), context(5)],
      ]).wakeAtMs,
    ).toBe(pauseMs)
  })

  it('keeps shares apart', () => {
    const { told } = play([
      [visit(), context(0)],
      [visit({ visitorId: 'b', ipAddress: '192.0.2.1' }), context(1)],
      [visit({ shareId: 'share_2', visitorId: 'x', ipAddress: null }), context(pauseMs + 1)],
    ])
    expect(told[2]?.map(({ shareId, ipAddress }) => [shareId, ipAddress])).toEqual([
      ['share_1', '192.0.2.1'],
      ['share_2', null],
    ])
  })

  it.each([
    ['off', { notifies: false }],
    ['snoozed', { snoozedUntilMs: 5000 }],
  ])('is nothing while notifications are %s, and nothing of it later', (_how, changes) => {
    const { told, wakeAtMs } = play([
      [visit({ visitorId: 'a' }), context(0, changes)],
      ['wake', context(10_000)],
      [visit({ visitorId: 'b' }), context(10_001)],
    ])
    expect(told.map((notices) => notices.map(({ count }) => count))).toEqual([[], [], [1]])
    expect(wakeAtMs).toBeNull()
  })

  it('waits while somebody presents, and comes as one', () => {
    const presenting = { isPresenting: true }
    const { told } = play([
      [visit({ visitorId: 'a' }), context(0, presenting)],
      [visit({ visitorId: 'b' }), context(1, presenting)],
      ['wake', context(pauseMs, presenting)],
      ['wake', context(2 * pauseMs)],
    ])
    expect(told.map((notices) => notices.map(({ count, isMore }) => [count, isMore]))).toEqual([
      [],
      [],
      [],
      [[2, false]],
    ])
    expect(play([[visit(), context(7, presenting)]]).wakeAtMs).toBe(pauseMs + 7)
  })

  it('remembers a thousand visitors of a share, and not those before', () => {
    const crowd = Array.from({ length: 1001 }, (_, at) => visit({ visitorId: `visitor ${at}` }))
    const { told } = play([
      ...crowd.map((one, at) => [one, context(at * pauseMs)] as const),
      [visit({ visitorId: 'visitor 1' }), context(1001 * pauseMs)],
      [visit({ visitorId: 'visitor 0' }), context(1002 * pauseMs)],
    ])
    expect(told.slice(-2).map((notices) => notices.length)).toEqual([0, 1])
  })

  it('forgets what is no longer shared', () => {
    const { memory } = play([
      [visit(), context(0)],
      [visit({ visitorId: 'b' }), context(1)],
    ])
    expect(wake(forgetOthers(memory, new Set()), context(pauseMs)).notices).toEqual([])
  })

  it('is never more than one notice of a share in a minute, counts nobody twice, and loses nobody', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 50_000 }),
      visitorId: fc.option(fc.integer({ min: 0, max: 30 }).map(String)),
      shareId: fc.constantFrom('share_1', 'share_2'),
      isPresenting: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let nowMs = 0
        const visitors = new Set<string>()
        const played = steps.map(({ afterMs, visitorId, shareId, isPresenting }) => {
          nowMs += afterMs
          if (visitorId !== null) visitors.add(`${shareId} ${visitorId}`)
          const what = visitorId === null ? ('wake' as const) : visit({ shareId, visitorId })
          return [what, context(nowMs, { isPresenting })] as const
        })
        const { told } = play([...played, ['wake', context(nowMs + 2 * pauseMs)]])
        for (const shareId of ['share_1', 'share_2']) {
          const times = told.flatMap((notices, at) =>
            notices
              .filter((notice) => notice.shareId === shareId)
              .map(() => played[at]?.[1].nowMs ?? nowMs + 2 * pauseMs),
          )
          const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0))
          expect(Math.min(pauseMs, ...pauses)).toBe(pauseMs)
        }
        expect(told.flat().reduce((sum, { count }) => sum + count, 0)).toBe(visitors.size)
      }),
    )
  })
})
