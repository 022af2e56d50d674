// Guarantee (REV-07): the hub's time for shares is the database's, goes on steadily between two readings, and neither a
// slow answer nor none nor one that agrees as far as it can tell moves it.
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
    await vi.waitFor(() => expect(created.nowMs()).toBe(50_000), { timeout: 10_000 })
    read.at = 50_900
    state.monotonicMs += 900
    expect(created.nowMs()).toBe(50_900)
  })

  it('follows the database when this machine slept', async () => {
    const read = { at: 50_000 }
    const { clock: created } = create(read)
    await vi.waitFor(() => expect(created.nowMs()).toBe(50_000), { timeout: 10_000 })
    read.at += tenMinutesMs
    await vi.waitFor(() => expect(created.nowMs()).toBe(50_000 + tenMinutesMs), { timeout: 10_000 })
  })

  it('does not go back and forth with how long answers take', async () => {
    const state = { monotonicMs: 1_000, reads: 0 }
    const startMs = Date.now() - state.monotonicMs
    const offsetsMs = new Set<number>()
    clock = undefined
    clock = createStoreClock({
      monotonicMs: () => state.monotonicMs,
      everyMs: 1,
      readMs: async () => {
        if (clock !== undefined) offsetsMs.add(clock.nowMs() - state.monotonicMs)
        // The database looks at its clock now soon, now late in the round trip.
        state.reads += 1
        const untilReadMs = state.reads % 2 === 0 ? 10 : 110
        const atMs = state.monotonicMs + untilReadMs
        state.monotonicMs += 120
        return startMs + atMs
      },
    })
    await vi.waitFor(() => expect(state.reads).toBeGreaterThan(20), { timeout: 10_000 })
    expect(offsetsMs.size).toBe(1)
  })

  it.each([
    ['fails', { fails: true }],
    ['takes too long', { tookMs: 300 }],
  ])('is not moved by a reading that %s', async (_name, trouble) => {
    const { state, clock: created } = create({ at: 50_000, ...trouble })
    await vi.waitFor(() => expect(state.reads).toBeGreaterThan(2), { timeout: 10_000 })
    expect(Math.abs(created.nowMs() - state.monotonicMs - (Date.now() - 1_000))).toBeLessThan(10_000)
  })
})
