import { expect, it } from 'vitest'
import { OpenLimiter } from './open-limiter.ts'

// A peer opens no more streams at once, nor faster, than it was told.
it('takes a burst, then as many as a second has', () => {
  const limiter = new OpenLimiter({ streamsMax: 3, opensPerSecond: 2 }, 0)
  expect([1, 2, 3, 4].map(() => limiter.take(0, 0))).toEqual([true, true, true, false])
  expect(limiter.take(0, 499)).toBe(false)
  expect(limiter.take(0, 500)).toBe(true)
  expect(limiter.take(0, 999)).toBe(false)
  expect([1, 2, 3, 4].map(() => limiter.take(0, 60_000))).toEqual([true, true, true, false])
})

it('takes none beside as many as may be open', () => {
  const limiter = new OpenLimiter({ streamsMax: 3, opensPerSecond: 2 }, 0)
  expect(limiter.take(3, 0)).toBe(false)
  expect(limiter.take(2, 0)).toBe(true)
})

it('goes by new limits at once, and forgets nothing that was taken', () => {
  const limiter = new OpenLimiter({ streamsMax: 3, opensPerSecond: 2 }, 0)
  limiter.take(0, 0)
  limiter.setLimits({ streamsMax: 2, opensPerSecond: 2 })
  expect([1, 2].map(() => limiter.take(0, 0))).toEqual([true, false])
})
