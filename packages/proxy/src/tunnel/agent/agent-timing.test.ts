import { describe, expect, it } from 'vitest'
import { AttemptError } from './attempt-error.ts'
import { createBackOff } from './back-off.ts'
import { Heartbeat } from '../mux/heartbeat.ts'
import { OpenLimiter } from '../mux/open-limiter.ts'
import { createRetrySchedule } from './retry-schedule.ts'
import type { Clock } from '../clock.ts'

/** A clock that a test moves by hand. */
function createHandClock() {
  let nowMs = 0
  let timers: { atMs: number; callback: () => void }[] = []
  const clock: Clock = {
    monotonicMs: () => nowMs,
    nowMs: () => nowMs,
    setTimer(callback, delayMs) {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  /** Runs the timers on the way, each at its time; `jump` moves the time first, as after a suspension. */
  function advance(ms: number): void {
    const endMs = nowMs + ms
    for (;;) {
      const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      timers = timers.filter((other) => other !== next)
      nowMs = Math.max(nowMs, next.atMs)
      next.callback()
    }
    nowMs = endMs
  }
  return { clock, advance, jump: (ms: number) => (nowMs += ms) }
}

function startHeartbeat() {
  const hand = createHandClock()
  const pings: Buffer[] = []
  let deadAtMs: number | null = null
  const heartbeat = new Heartbeat(
    hand.clock,
    { pingEveryMs: 5000, silentMaxMs: 12_500 },
    { sendPing: (payload) => pings.push(payload), onDead: () => (deadAtMs = hand.clock.monotonicMs()) },
  )
  heartbeat.start()
  return { ...hand, heartbeat, pings, deadAt: () => deadAtMs }
}

describe('the heartbeat', () => {
  it('pings every 5 s and calls a peer dead between 10 s and 15 s after its last byte', () => {
    for (const heardAtMs of [0, 700, 2499, 2501, 4000, 4999]) {
      const rig = startHeartbeat()
      rig.advance(heardAtMs)
      rig.heartbeat.heard()
      rig.advance(30_000)
      const silentMs = (rig.deadAt() ?? Infinity) - heardAtMs
      expect(silentMs).toBeGreaterThan(10_000)
      expect(silentMs).toBeLessThanOrEqual(15_000)
    }
  })

  it('keeps a peer that answers alive', () => {
    const rig = startHeartbeat()
    for (let turn = 0; turn < 60; turn += 1) {
      rig.advance(1000)
      rig.heartbeat.heard()
    }
    expect(rig.deadAt()).toBeNull()
    expect(rig.pings.length).toBeGreaterThanOrEqual(12)
  })

  it('does not blame the peer when this process itself stood still', () => {
    const rig = startHeartbeat()
    rig.advance(3000)
    rig.jump(20_000)
    rig.advance(100)
    expect(rig.deadAt()).toBeNull()
    rig.advance(10_000)
    expect(rig.deadAt()).not.toBeNull()
  })

  it('remembers the smallest round trip, and ignores forged and late pongs', () => {
    const rig = startHeartbeat()
    rig.advance(40)
    rig.heartbeat.pong(Buffer.alloc(8, 1))
    expect(rig.heartbeat.rttMs).toBeNull()
    rig.heartbeat.pong(rig.pings[0] as Buffer)
    expect(rig.heartbeat.rttMs).toBe(40)
    rig.heartbeat.pong(rig.pings[0] as Buffer)
    rig.heartbeat.ping()
    rig.advance(90)
    rig.heartbeat.pong(rig.pings.at(-1) as Buffer)
    expect(rig.heartbeat.rttMs).toBe(40)
  })

  it('measures several times at first, since a peer that is connecting answers late', () => {
    const rig = startHeartbeat()
    for (const delayMs of [9, 7, 1, 3, 2, 5]) {
      rig.advance(delayMs)
      rig.heartbeat.pong(rig.pings.at(-1) as Buffer)
    }
    expect(rig.heartbeat.rttMs).toBe(1)
    expect(rig.pings).toHaveLength(6)
  })

  it('finds out within the deadline of a probe', () => {
    const rig = startHeartbeat()
    rig.advance(1000)
    rig.heartbeat.probe(3000)
    rig.advance(3001)
    expect(rig.deadAt()).toBe(4000)
  })
})

describe('the back-off', () => {
  it('doubles its ceiling up to the largest and begins anew after a reset', () => {
    const backOff = createBackOff({ baseMs: 500, maxMs: 30_000, random: () => 0.999_999 })
    const delays = Array.from({ length: 9 }, () => Math.round(backOff.next()))
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    backOff.reset()
    expect(Math.round(backOff.next())).toBe(500)
  })

  it('is full jitter: any delay down to none', () => {
    expect(createBackOff({ baseMs: 500, maxMs: 30_000, random: () => 0 }).next()).toBe(0)
  })
})

describe('the retry schedule', () => {
  const error = (reason: AttemptError['reason'], retryAfterMs = 0) =>
    new AttemptError(reason, 'x', { retryAfterMs })

  it('grows to 5 minutes while the hub refuses the token, never below half of it', () => {
    const schedule = createRetrySchedule(() => 0)
    const delays = Array.from({ length: 9 }, () => schedule.delayAfter(error('unauthorized')))
    expect(delays).toEqual([2500, 5000, 10_000, 20_000, 40_000, 80_000, 150_000, 150_000, 150_000])
  })

  it('waits at least as long as the hub asked for', () => {
    const schedule = createRetrySchedule(() => 0.5)
    expect(schedule.delayAfter(error('hub_unavailable', 9000))).toBe(9500)
  })

  it('stays away for 5 minutes when another program has the agent', () => {
    const schedule = createRetrySchedule(() => 0)
    expect(schedule.delayAfter(error('connected_elsewhere'))).toBe(300_000)
    expect(schedule.delayAfter(error('connected_elsewhere', 4000))).toBe(4000)
  })

  it('spreads a loss as wide as a large hub advised', () => {
    const schedule = createRetrySchedule(() => 0.5)
    schedule.setSpread(20_000)
    expect(schedule.delayAfter(error('connection_lost'))).toBe(10_000)
  })
})

describe('the open limiter', () => {
  it('takes a burst, then a rate, and never more at once than allowed', () => {
    const limiter = new OpenLimiter({ streamsMax: 100, opensPerSecond: 10 }, 0)
    const take = (count: number, openStreams: number, nowMs: number) =>
      Array.from({ length: count }, () => limiter.take(openStreams, nowMs)).filter(Boolean).length
    expect(take(1, 100, 0)).toBe(0)
    expect(take(200, 0, 0)).toBe(100)
    expect(take(200, 0, 1000)).toBe(10)
    limiter.setLimits({ streamsMax: 20, opensPerSecond: 5 })
    expect(take(200, 0, 60_000)).toBe(20)
  })
})
