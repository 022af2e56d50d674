import { describe, expect, it } from 'vitest'
import { shareExpiryOf, type ExpiryPolicy } from './share-expiry.ts'

const nowMs = Date.parse('2026-03-02T10:00:00.000Z')
const open: ExpiryPolicy = { maxExpirySeconds: null, allowsNeverExpiring: true }

describe('shareExpiryOf', () => {
  it.each([
    ['1h', '2026-03-02T11:00:00.000Z'],
    ['24h', '2026-03-03T10:00:00.000Z'],
    ['7d', '2026-03-09T10:00:00.000Z'],
    ['30d', '2026-04-01T10:00:00.000Z'],
    [undefined, '2026-03-03T10:00:00.000Z'],
  ] as const)('%s ends at %s', (expiresIn, end) => {
    expect(shareExpiryOf({ expiresIn }, open, nowMs)?.toISOString()).toBe(end)
  })

  it.each([
    ['over the change to summer time', '2026-03-15T10:00:00.000Z', '2026-04-14T10:00:00.000Z'],
    ['over a leap day', '2028-02-10T00:00:00.001Z', '2028-03-11T00:00:00.001Z'],
    ['over the end of 32-bit seconds', '2038-01-19T03:14:07.000Z', '2038-02-18T03:14:07.000Z'],
  ])('counts 30 days of 24 hours %s (REL-12)', (_, now, end) => {
    expect(shareExpiryOf({ expiresIn: '30d' }, open, Date.parse(now))?.toISOString()).toBe(end)
  })

  it('never ends where that is asked for and allowed', () => {
    expect(shareExpiryOf({ expiresIn: 'never' }, open, nowMs)).toBeNull()
    for (const policy of [
      { ...open, allowsNeverExpiring: false },
      { ...open, maxExpirySeconds: 60 },
    ]) {
      expect(() => shareExpiryOf({ expiresIn: 'never' }, policy, nowMs)).toThrow('expiresIn: This workspace')
    }
  })

  it('takes a moment in the future, to the policy’s end', () => {
    const at = (expiresAt: string, policy = open) =>
      shareExpiryOf({ expiresAt }, policy, nowMs)?.toISOString()
    expect(at('2026-03-02T12:00:00.001+02:00')).toBe('2026-03-02T10:00:00.001Z')
    expect(() => at('2026-03-02T10:00:00.000Z')).toThrow('expiresAt: Must be in the future')
    const hour = { ...open, maxExpirySeconds: 3600 }
    expect(at('2026-03-02T11:00:00.000Z', hour)).toBe('2026-03-02T11:00:00.000Z')
    expect(() => at('2026-03-02T11:00:00.001Z', hour)).toThrow(
      'expiresAt: This workspace allows at most 3600',
    )
  })
})
