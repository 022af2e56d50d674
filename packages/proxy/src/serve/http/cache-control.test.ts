import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepPrivate } from './cache-control.ts'

describe('a Cache-Control for the visitor alone (RSP-16, REV-18)', () => {
  it.each([
    ['', 'private'],
    ['public', 'private'],
    ['public, max-age=60', 'private, max-age=60'],
    ['PUBLIC,S-MaxAge=9 , max-age = 60', 'private, max-age=60'],
    ['no-store', 'private, no-store'],
    ['private', 'private'],
    ['private="set-cookie", max-age=1', 'private, max-age=1'],
    ['private="public, s-maxage=1", no-cache="a, b"', 'private, no-cache="a, b"'],
    [
      'max-age=31536000, immutable, stale-while-revalidate=5',
      'private, max-age=31536000, immutable, stale-while-revalidate=5',
    ],
    [',, ,no-cache,', 'private, no-cache'],
    ['a="unclosed, public', 'private'],
  ])('%j → %j', (value, expected) => {
    expect(keepPrivate(value)).toBe(expected)
  })

  it('never lets a shared cache keep it, whatever it says', () => {
    const part = fc.constantFrom(
      'public',
      's-maxage=1',
      'private',
      'private=x',
      '"',
      '=',
      ',',
      ' ',
      'max-age=1',
      '\\',
      'x',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const kept = keepPrivate(parts.join(''))
        expect(kept).toMatch(/^private(?:,|$)/)
        const bare = kept.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
        expect(bare).not.toMatch(/(?:^|[\s,])(?:public|s-maxage)(?:[\s,=]|$)/i)
        expect(keepPrivate(kept)).toBe(kept)
      }),
    )
  })
})
