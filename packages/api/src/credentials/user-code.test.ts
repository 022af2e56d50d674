import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatUserCode, mintUserCode, normalizeUserCode } from './user-code.ts'

describe('user codes', () => {
  it('are read however they are typed', () => {
    const code = mintUserCode()
    for (const typed of [code, formatUserCode(code), code.toLowerCase(), ` ${code.split('').join(' ')}\n`]) {
      expect(normalizeUserCode(typed)).toBe(code)
    }
  })

  it.each(['', 'BCDF-GHJ', 'BCDF-GHJKL', 'BCDF-GHJA', 'BCDF_GHJK', '12345678', 'BCDF-GHJK;'])(
    'are not %j',
    (text) => {
      expect(normalizeUserCode(text)).toBeNull()
    },
  )

  it('never throw, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normalizeUserCode(text) ?? 'BCDFGHJK').toMatch(/^[B-Z]{8}$/)
      }),
    )
  })

  it('have every letter equally often, and no two are the same', () => {
    const codes = Array.from({ length: 20_000 }, () => mintUserCode())
    expect(new Set(codes).size).toBe(codes.length)
    const counts = new Map<string, number>()
    for (const letter of codes.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).toBe(20)
    const expected = (codes.length * 8) / 20
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.1)
  })
})
