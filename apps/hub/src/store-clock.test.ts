// Guarantee (REV-07): the hub's time for shares is the database's, goes on steadily between two readings, and neither a
// slow answer nor none moves it.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createStoreClock, type StoreClock } from './store-clock.ts'

let clock: StoreClock | undefined
afterEach(() => clock?.close())

const tenMinutesMs = 600_000

function create(read: { at: number; tookMs?: number; fails?: boolean }) {
  const state = { monotonicMs: 1_000, reads: 0 }
  clock = createStoreClock({
    monotonicMs: () => state.monotonicMs,
    everyMs: 5,
    readMs: async () => {
      state.monotonicMs += read.tookMs ?? 0
      state.reads += 1
      if (read.fails === true) throw new Error('no database')
      return read.at
    },
  })
  return { state, clock }
}

describe('the time of shares', () => {
  it('is the database’s, counted on by the monotonic clock', async () => {
    const read = { at: 50_000 }
    const { state, clock: created } = create(read)
    await vi.waitFor(() => expect(created.nowMs()).toBe(50_000))
    read.at = 50_900
    state.monotonicMs += 900
    expect(created.nowMs()).toBe(50_900)
  })

  it('follows the database when this machine slept', async () => {
    const read = { at: 50_000 }
    const { clock: created } = create(read)
    await vi.waitFor(() => expect(created.nowMs()).toBe(50_000))
    read.at += tenMinutesMs
    await vi.waitFor(() => expect(created.nowMs()).toBe(50_000 + tenMinutesMs))
  })

  it.each([
    ['fails', { fails: true }],
    ['takes too long', { tookMs: 300 }],
  ])('is not moved by a reading that %s', async (_name, trouble) => {
    const { state, clock: created } = create({ at: 50_000, ...trouble })
    await vi.waitFor(() => expect(state.reads).toBeGreaterThan(2))
    expect(Math.abs(created.nowMs() - state.monotonicMs - (Date.now() - 1_000))).toBeLessThan(10_000)
  })
})
