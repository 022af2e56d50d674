import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aShare, aState } from '../../../test/kit/desktop-state.ts'
import type { HubEvent } from '../desktop/desktop.ts'
import type { Notice } from './decide-notices.ts'
import { followVisits } from './follow-visits.ts'

let state = aState({ shares: [aShare()] })
let told: Notice[] = []
let isPresenting = () => Promise.resolve(false)
let send: (event: HubEvent) => void
let stop: () => void
const stopEvents = vi.fn()

const accessed = (visitorId: string, shareId = 'share_01'): HubEvent => ({
  id: 'evt_1',
  seq: 1,
  createdAt: '2026-11-22T12:00:00.000Z',
  type: 'share.accessed',
  data: {
    shareId,
    shareName: 'shop',
    ipAddress: '203.0.113.7',
    timestamp: '2026-11-22T12:00:00.000Z',
    visitorId,
    isBot: false,
    isReturning: false,
  },
})

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  isPresenting = () => Promise.resolve(false)
  state = aState({ shares: [aShare()] })
  stop = followVisits({
    desktop: {
      state: { get: () => state, subscribe: () => () => undefined },
      onEvent: (listener) => {
        send = listener
        return stopEvents
      },
    },
    isPresenting: () => isPresenting(),
    tell: (notice) => told.push(notice),
    nowMs: () => Date.now(),
  })
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

describe('followVisits', () => {
  it('tells of a visitor, then of how many more came within the minute', async () => {
    for (const visitor of ['a', 'b', 'c']) send(accessed(visitor))
    await vi.advanceTimersByTimeAsync(0)
    expect(told.map(({ count }) => count)).toEqual([1])
    await vi.advanceTimersByTimeAsync(61_000)
    expect(told.map(({ count }) => count)).toEqual([1, 2])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells of this machine’s shares only, and of visits only', async () => {
    send(accessed('a', 'share_other'))
    send({
      ...accessed('a'),
      type: 'share.denied',
      data: { ...accessed('a').data, reason: 'share.rate_limited' },
    } as HubEvent)
    await vi.advanceTimersByTimeAsync(61_000)
    expect(told).toEqual([])
  })

  it('says nothing more of a share that has ended meanwhile, and knows its visitors no more', async () => {
    for (const visitor of ['a', 'b']) send(accessed(visitor))
    await vi.advanceTimersByTimeAsync(0)
    state = aState({ shares: [] })
    await vi.advanceTimersByTimeAsync(61_000)
    expect(told).toHaveLength(1)
    state = aState({ shares: [aShare()] })
    send(accessed('a'))
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toHaveLength(2)
  })

  it('decides one visit after the other, however long it takes to see whether somebody presents', async () => {
    const asked: ((isPresenting: boolean) => void)[] = []
    isPresenting = () => new Promise((answer) => asked.push(answer))
    for (const visitor of ['a', 'b']) send(accessed(visitor))
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(1)
    asked[0]?.(false)
    await vi.advanceTimersByTimeAsync(0)
    asked[1]?.(false)
    await vi.advanceTimersByTimeAsync(60_000)
    asked[2]?.(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(told.map(({ count, isMore }) => [count, isMore])).toEqual([
      [1, false],
      [1, true],
    ])
  })

  it('asks each time whether somebody presents, and goes on where that fails', async () => {
    isPresenting = () => Promise.resolve(true)
    send(accessed('a'))
    await vi.advanceTimersByTimeAsync(59_000)
    expect(told).toEqual([])
    isPresenting = () => Promise.reject(new Error('no xprop'))
    await vi.advanceTimersByTimeAsync(2000)
    expect(told).toHaveLength(1)
  })

  it('stops', async () => {
    send(accessed('a'))
    send(accessed('b'))
    await vi.advanceTimersByTimeAsync(0)
    stop()
    expect(stopEvents).toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})
