import { describe, expect, it } from 'vitest'
import { describeShare } from './share-state.ts'

const now = Date.parse('2026-03-02T10:00:00.000Z')

describe('describeShare', () => {
  it.each([
    [null, null, 'Active', 'never expires'],
    ['2026-03-03T10:00:00.000Z', null, 'Active', 'expires tomorrow'],
    ['2026-03-02T10:30:00.000Z', null, 'Ends soon', 'expires in 30 minutes'],
    ['2026-03-02T10:00:00.000Z', null, 'Expired', 'expired just now'],
    ['2026-03-03T10:00:00.000Z', '2026-03-02T09:00:00.000Z', 'Revoked', 'revoked 1 hour ago'],
    // The screen's time moves in steps: what was just pressed is ahead of it.
    ['2026-03-03T10:00:00.000Z', '2026-03-02T10:00:09.000Z', 'Revoked', 'revoked just now'],
  ])('expires %s, revoked %s: %s', (...[expiresAt, revokedAt, word, sentence]) => {
    expect(describeShare({ expiresAt, revokedAt }, now)).toMatchObject({ word, sentence })
  })
})
