import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toExpiry } from './expiry-draft.ts'

describe('toExpiry', () => {
  it.each([
    [{ kind: 'keep', at: '' } as const, {}],
    [{ kind: '7d', at: '2026-03-02T10:00' } as const, { expiresIn: '7d' }],
    [{ kind: 'at', at: '' } as const, {}],
    [{ kind: 'at', at: '2026-03-02T1' } as const, {}],
  ])('%j', (draft, expiry) => {
    expect(toExpiry(draft)).toEqual(expiry)
  })

  it('names the very minute that the field shows', () => {
    const minuteMs = 60_000
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 66_000_000 }), (minutes) => {
        const timeMs = minutes * minuteMs
        const { expiresAt } = toExpiry({ kind: 'at', at: toFieldTime(timeMs) })
        // An hour that a clock change repeats is one of two.
        expect(Math.abs(Date.parse(expiresAt ?? '') - timeMs) % 3_600_000).toBe(0)
      }),
    )
  })
})

/** A moment as the field takes it: `2026-03-02T10:00`, in the reader's own zone. */
function toFieldTime(timeMs: number): string {
  const zoneMs = new Date(timeMs).getTimezoneOffset() * 60_000
  return new Date(timeMs - zoneMs).toISOString().slice(0, 16)
}
