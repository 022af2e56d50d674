import { describe, expect, it } from 'vitest'
import { createDisturbances } from './disturbances.ts'

describe('createDisturbances', () => {
  it('excuses what overlaps a restart or the time after it, and nothing else', async () => {
    let now = 1000
    const disturbances = createDisturbances(() => now, 500)
    await disturbances.during(async () => {
      expect(disturbances.excuses(1000, 1200)).toBe(true)
      now = 2000
    })
    expect(disturbances.excuses(0, 999)).toBe(false)
    expect(disturbances.excuses(0, 1000)).toBe(true)
    expect(disturbances.excuses(2500, 2600)).toBe(true)
    expect(disturbances.excuses(2501, 2600)).toBe(false)
  })

  it('ends the excuse when the restart itself fails', async () => {
    let now = 0
    const disturbances = createDisturbances(() => now, 10)
    const failed = disturbances.during(() => Promise.reject(new Error('did not start')))
    await expect(failed).rejects.toThrow('did not start')
    now = 1000
    expect(disturbances.excuses(now, now)).toBe(false)
  })
})
