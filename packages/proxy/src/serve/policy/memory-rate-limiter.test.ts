import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'

function limiterAt(start = 1_000_000): {
  at: { ms: number }
  take: (key?: string, limit?: number) => boolean
} {
  const at = { ms: start }
  const limiter = createMemoryRateLimiter({ nowMs: () => at.ms })
  return { at, take: (key = 'share_1', limit = 10) => limiter.consume(key, limit).isAllowed }
}

describe('the rate limiter in memory', () => {
  it('lets exactly the limit through, and again when the window has passed', () => {
    const { at, take } = limiterAt()
    expect(Array.from({ length: 12 }, () => take()).filter(Boolean)).toHaveLength(10)
    at.ms += 59_000
    expect(take()).toBe(false)
    at.ms += 2_000
    expect(take()).toBe(true)
  })

  it('tells whether anything is left, and counts nothing by that', () => {
    const at = { ms: 1_000_000 }
    const limiter = createMemoryRateLimiter({ nowMs: () => at.ms })
    for (let ask = 0; ask < 5; ask += 1) expect(limiter.hasLeft('k', 1)).toBe(true)
    expect(limiter.keyCount).toBe(0)
    limiter.consume('k', 1)
    expect(limiter.hasLeft('k', 1)).toBe(false)
    at.ms += 61_001
    expect(limiter.hasLeft('k', 1)).toBe(true)
  })

  it('has no window, wherever it begins, with more than the limit', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 20, maxLength: 120 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 8 }), (waits, limit) => {
        const { at, take } = limiterAt()
        const passed: number[] = []
        for (const wait of waits) {
          at.ms += wait
          if (take('k', limit)) passed.push(at.ms)
        }
        passed.forEach((ms, index) => {
          expect(passed.filter((other, o) => o >= index && other < ms + 60_000).length).toBeLessThanOrEqual(
            limit,
          )
        })
      }),
    )
  })

  it('says when there is room again, never too early', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 40 }), (waits) => {
        const at = { ms: 5_000_123 }
        const limiter = createMemoryRateLimiter({ nowMs: () => at.ms })
        for (const wait of waits) {
          at.ms += wait
          const decision = limiter.consume('k', 3)
          if (decision.isAllowed) continue
          expect(decision.resetMs).toBeGreaterThan(0)
          expect(decision.resetMs).toBeLessThanOrEqual(61_000)
          at.ms += decision.resetMs
          expect(limiter.consume('k', 3).isAllowed).toBe(true)
        }
      }),
    )
  })

  it('counts keys apart and remembers a bounded number of them', () => {
    const limiter = createMemoryRateLimiter({ nowMs: () => 0, keysMax: 100 })
    for (let at = 0; at < 10_000; at += 1) limiter.consume(`k${at}`, 1)
    expect(limiter.keyCount).toBe(100)
    expect(limiter.consume('k9999', 1).isAllowed).toBe(false)
    expect(limiter.consume('new', 1).isAllowed).toBe(true)
  })

  it('does not forget when the clock steps back', () => {
    const { at, take } = limiterAt()
    for (let count = 0; count < 10; count += 1) take()
    at.ms -= 600_000
    expect(take()).toBe(false)
  })
})
