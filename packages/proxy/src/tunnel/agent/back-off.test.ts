import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBackOff } from './back-off.ts'

// Agents that lost a hub together come back apart, ever more rarely, and never later than the longest wait.
it('doubles its ceiling up to the longest, and begins anew after a reset', () => {
  const backOff = createBackOff({ baseMs: 500, maxMs: 3_000, random: () => 1 })
  expect(Array.from({ length: 5 }, () => backOff.next())).toEqual([500, 1_000, 2_000, 3_000, 3_000])
  backOff.reset()
  expect(backOff.next()).toBe(500)
})

it('waits between its floor and its ceiling, and spreads as wide as it is told', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat({ max: 10_000 }),
      (random, spreadMs) => {
        const backOff = createBackOff({ baseMs: 1_000, maxMs: 8_000, random: () => random, floor: 0.5 })
        const ceilingMs = Math.max(1_000, spreadMs)
        const delayMs = backOff.next(spreadMs)
        expect(delayMs).toBeGreaterThanOrEqual(ceilingMs / 2)
        expect(delayMs).toBeLessThan(ceilingMs)
      },
    ),
  )
})
