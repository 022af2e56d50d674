// Guarantee (SPEC §10): a silent peer is noticed within 15 s of its last sign of life and no earlier than the rules say; a
// machine that slept is not taken for a dead peer; a round trip is measured by pongs that answer the last ping only.
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { defaultHeartbeat, Heartbeat } from './heartbeat.ts'

/** Time that passes when the test says so. */
class ManualClock implements Clock {
  #nowMs = 1_000_000
  #timers: { readonly atMs: number; readonly callback: () => void }[] = []

  monotonicMs(): number {
    return this.#nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  get timerCount(): number {
    return this.#timers.length
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback }
    this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((one) => one !== timer))
  }

  /** Each timer runs at its time. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms
    for (;;) {
      const next = this.#timers.toSorted((one, other) => one.atMs - other.atMs)[0]
      if (next === undefined || next.atMs > endMs) break
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      this.#run(next)
    }
    this.#nowMs = endMs
  }

  /** The process stands still: whatever was due runs late, once. */
  sleep(ms: number): void {
    this.#nowMs += ms
    for (const timer of this.#timers.filter(({ atMs }) => atMs <= this.#nowMs)) this.#run(timer)
  }

  #run(timer: { readonly callback: () => void }): void {
    this.#timers = this.#timers.filter((one) => one !== timer)
    timer.callback()
  }
}

let clock: ManualClock
let pings: Buffer[]
let deadAtMs: number[]
let heartbeat: Heartbeat

beforeEach(() => {
  clock = new ManualClock()
  pings = []
  deadAtMs = []
  heartbeat = new Heartbeat(clock, defaultHeartbeat, {
    sendPing: (payload) => void pings.push(payload),
    onDead: () => void deadAtMs.push(clock.monotonicMs()),
  })
})

const lastPing = () => pings.at(-1) ?? Buffer.alloc(8)
const answer = (): void => {
  heartbeat.heard()
  heartbeat.pong(lastPing())
}

describe('a peer', () => {
  it('that says nothing is dead within 15 s, once, and is pinged until then', () => {
    const startMs = clock.monotonicMs()
    heartbeat.start()
    clock.advance(60_000)
    const [atMs = 0, ...others] = deadAtMs
    expect(others).toEqual([])
    expect(atMs - startMs).toBeGreaterThanOrEqual(12_500)
    expect(atMs - startMs).toBeLessThanOrEqual(15_000)
    expect(pings).toHaveLength(3)
    expect(clock.timerCount).toBe(0)
  })

  it('that says anything at all is alive, whether it answers pings or not', () => {
    heartbeat.start()
    for (let count = 0; count < 30; count += 1) {
      clock.advance(4000)
      heartbeat.heard()
    }
    expect([deadAtMs, heartbeat.rttMs]).toEqual([[], null])
    expect(pings.length).toBeGreaterThanOrEqual(20)
  })

  it('is dead within 15 s of its last sign of life, whenever that was', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 10 }), (pauses) => {
        const own = new ManualClock()
        const died: number[] = []
        const beat = new Heartbeat(own, defaultHeartbeat, {
          sendPing: () => undefined,
          onDead: () => void died.push(own.monotonicMs()),
        })
        beat.start()
        for (const ms of pauses) {
          own.advance(ms)
          beat.heard()
        }
        const lastMs = own.monotonicMs()
        expect(died).toEqual([])
        own.advance(30_000)
        expect(died).toHaveLength(1)
        expect((died[0] ?? 0) - lastMs).toBeGreaterThanOrEqual(12_500)
        expect((died[0] ?? 0) - lastMs).toBeLessThanOrEqual(15_000)
      }),
    )
  })

  it('of a machine that slept has a ping interval to be heard from', () => {
    heartbeat.start()
    clock.advance(2000)
    const before = pings.length
    clock.sleep(3_600_000)
    expect([deadAtMs, pings.length]).toEqual([[], before + 1])
    answer()
    clock.advance(10_000)
    expect(deadAtMs).toEqual([])
  })

  it('of a machine that slept is dead soon after, where it has gone meanwhile', () => {
    heartbeat.start()
    clock.sleep(3_600_000)
    const awakeMs = clock.monotonicMs()
    clock.advance(60_000)
    expect(deadAtMs).toHaveLength(1)
    expect((deadAtMs[0] ?? 0) - awakeMs).toBeLessThanOrEqual(7500)
  })

  it('that was stopped watching is left alone', () => {
    heartbeat.start()
    heartbeat.probe(1000)
    heartbeat.stop()
    clock.advance(60_000)
    expect([deadAtMs, clock.timerCount]).toEqual([[], 0])
  })
})

describe('a probe', () => {
  it('finds a dead peer by its deadline', () => {
    heartbeat.start()
    clock.advance(100)
    heartbeat.probe(1000)
    clock.advance(999)
    expect(deadAtMs).toEqual([])
    clock.advance(1)
    expect(deadAtMs).toHaveLength(1)
  })

  it('is not answered by what was heard before, however shortly', () => {
    heartbeat.start()
    heartbeat.heard()
    heartbeat.probe(1000)
    clock.advance(1000)
    expect(deadAtMs).toHaveLength(1)
  })

  it('is answered by any sign of life', () => {
    heartbeat.start()
    heartbeat.heard()
    clock.advance(10)
    heartbeat.probe(1000)
    clock.advance(500)
    heartbeat.heard()
    clock.advance(600)
    expect(deadAtMs).toEqual([])
  })
})

describe('a round trip', () => {
  it('is the smallest of the last eight, six of which come at once', () => {
    heartbeat.start()
    for (const ms of [9, 8, 7, 6, 5, 20]) {
      clock.advance(ms)
      answer()
    }
    expect([heartbeat.rttMs, pings.length]).toEqual([5, 6])
    for (let count = 0; count < 8; count += 1) {
      const before = pings.length
      while (pings.length === before) clock.advance(1)
      clock.advance(30)
      answer()
    }
    expect(heartbeat.rttMs).toBe(30)
  })

  it('is not measured by what answers another ping, or answers twice', () => {
    heartbeat.start()
    const first = lastPing()
    clock.advance(10)
    heartbeat.pong(Buffer.alloc(8, 0xff))
    expect(heartbeat.rttMs).toBeNull()
    heartbeat.pong(first)
    expect(heartbeat.rttMs).toBe(10)
    const count = pings.length
    clock.advance(1)
    heartbeat.pong(first)
    expect([heartbeat.rttMs, pings.length]).toEqual([10, count])
  })
})
