// Guarantee: agents come back soon after troubles of the network, ever later after refusals, and never all at once.
import { describe, expect, it } from 'vitest'
import type { AttemptError } from './attempt-error.ts'
import { createRetrySchedule } from './retry-schedule.ts'

const failure = (reason: string, retryAfterMs = 0): AttemptError =>
  ({ reason, retryAfterMs }) as unknown as AttemptError

const minuteMs = 60_000

describe('the wait after a failure', () => {
  it('of the network grows to half a minute and no further', () => {
    const schedule = createRetrySchedule(() => 0.999)
    const waits = Array.from({ length: 12 }, () => schedule.delayAfter(failure('unreachable')))
    expect(waits[0]).toBeLessThanOrEqual(500)
    expect(waits.every((wait, at) => at === 0 || wait >= (waits[at - 1] ?? 0))).toBe(true)
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
    expect(waits.at(-1)).toBeGreaterThan(29_000)
  })

  it('of the network may be nothing at all: it is spread over all of its time', () => {
    expect(createRetrySchedule(() => 0).delayAfter(failure('unreachable'))).toBe(0)
  })

  it.each(['unauthorized', 'version_refused'])('by being refused (%s) grows to five minutes', (reason) => {
    const schedule = createRetrySchedule(() => 0)
    const waits = Array.from({ length: 12 }, () => schedule.delayAfter(failure(reason)))
    expect(waits[0]).toBeGreaterThanOrEqual(2_500)
    expect(waits.at(-1)).toBeGreaterThanOrEqual(2.5 * minuteMs)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * minuteMs)
  })

  it('is as long as the hub asks for, and not the same for everybody', () => {
    const waits = [0, 0.5, 0.999].map((random) =>
      createRetrySchedule(() => random).delayAfter(failure('hub_busy', 10_000)),
    )
    expect(waits.every((wait) => wait >= 10_000 && wait <= 11_000)).toBe(true)
    expect(new Set(waits).size).toBe(3)
    expect(createRetrySchedule(() => 0).delayAfter(failure('unauthorized', 400_000))).toBe(400_000)
  })

  it('beside another program of the same agent is long', () => {
    const schedule = createRetrySchedule(() => 0.5)
    expect(schedule.delayAfter(failure('connected_elsewhere'))).toBe(5 * minuteMs + 500)
    expect(schedule.delayAfter(failure('connected_elsewhere', 20_000))).toBe(20_500)
  })

  it('begins anew once a connection held', () => {
    const schedule = createRetrySchedule(() => 0.999)
    for (let at = 0; at < 8; at += 1) schedule.delayAfter(failure('unreachable'))
    schedule.reset()
    expect(schedule.delayAfter(failure('unreachable'))).toBeLessThanOrEqual(500)
  })

  it('is spread as the hub advises', () => {
    const schedule = createRetrySchedule(() => 0.999)
    schedule.setSpread(20_000)
    const first = schedule.delayAfter(failure('unreachable'))
    expect(first).toBeGreaterThan(500)
    expect(first).toBeLessThanOrEqual(20_500)
  })
})
