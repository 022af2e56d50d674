import { expect, it } from 'vitest'
import { createCrashBrake } from './crash-brake.ts'

// Guarantee (CASES ELE-18): a window that crashes comes back, one that does nothing but crash stays away until it is asked for.
it('allows three crashes within a minute, and as many again later', () => {
  let nowMs = 0
  const brake = createCrashBrake(() => nowMs)
  expect([1, 2, 3, 4, 5].map(() => brake.allows())).toEqual([true, true, true, false, false])
  nowMs = 60_000
  expect(brake.allows()).toBe(true)
})
