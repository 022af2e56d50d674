import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextAttemptAt, readRetryAfter } from './retry-schedule.ts'

const minute = 60_000
const hour = 60 * minute
const delays = [5000, 5 * minute, hour / 2, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]

describe('nextAttemptAt', () => {
  it('waits as long as the step says, give or take a fifth, and no shorter than it was asked to', () => {
    const step = fc.integer({ min: 0, max: 8 })
    const chance = fc.double({ min: 0, max: 1, noNaN: true })
    const asked = fc.option(fc.integer({ min: 1, max: 24 * hour }))
    fc.assert(
      fc.property(step, chance, asked, (scheduleStep, random, retryAfterMs) => {
        const expiresAt = new Date(0)
        const due =
          nextAttemptAt({ scheduleStep, expiresAt, nowMs: 0, retryAfterMs, random })?.getTime() ?? -1
        const delayMs = delays[scheduleStep] ?? 0
        expect(due).toBeGreaterThanOrEqual(Math.max(delayMs * 0.8, retryAfterMs ?? 0) - 1)
        expect(due).toBeLessThanOrEqual(Math.max(delayMs * 1.2, retryAfterMs ?? 0) + 1)
      }),
    )
  })

  it('does not give up before three days are over, and gives up then', () => {
    const state = { expiresAt: new Date(72 * hour), retryAfterMs: null, random: 0 }
    let [nowMs, scheduleStep] = [0, 0]
    for (;;) {
      const next = nextAttemptAt({ ...state, scheduleStep, nowMs })
      if (next === null) break
      ;[nowMs, scheduleStep] = [next.getTime(), scheduleStep + 1]
    }
    expect([nowMs, scheduleStep]).toEqual([72 * hour, 9])
  })
})

describe('readRetryAfter', () => {
  const nowMs = Date.parse('2026-03-02T10:00:00Z')

  it.each([
    ['120', 120_000],
    [' 5 ', 5000],
    ['Mon, 02 Mar 2026 10:02:00 GMT', 120_000],
    ['999999999', 24 * hour],
    ['Mon, 02 Mar 2099 10:02:00 GMT', 24 * hour],
  ])('reads %j', (text, ms) => expect(readRetryAfter(text, nowMs)).toBe(ms))

  it.each([undefined, '', '0', '-5', 'soon', '1e99', 'Mon, 02 Mar 2020 10:02:00 GMT'])('ignores %j', (text) =>
    expect(readRetryAfter(text, nowMs)).toBeNull(),
  )
})
