import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeText, toJsonLine } from './escape-text.ts'

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001B[2J',
        '\u001B]0;title\u0007',
        '\r',
        '\n',
        '\u009B31m',
        '\u202E',
        '\u200B',
        '\u2028',
        '\uD800',
        '\u{E0041}',
        '\u007F',
      ),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''))

/** What a visitor puts into a path must not move the cursor, rename the window, forge a line or hide what it is. */
describe('escapeText', () => {
  it('leaves nothing that a terminal acts on, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = escapeText(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(shown.isWellFormed()).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['/api/users?x=1', '/api/users?x=1'],
    ['/grüße/你好/🎉', '/grüße/你好/🎉'],
    ['\u001B[31mred', '\\x1b[31mred'],
    ['a\nb', 'a\\x0ab'],
    ['\u009B2J', '\\x9b2J'],
    ['abc\u202Etxt.exe', 'abc\\u202etxt.exe'],
    ['\u{E0041}', '\\u{e0041}'],
    ['x\uD800y', 'x\\ud800y'],
  ])('shows %j as %s', (text, shown) => {
    expect(escapeText(text)).toBe(shown)
  })

  it('cuts what is longer than the limit, also in the middle of a pair', () => {
    expect(escapeText('a'.repeat(10), 4)).toBe('aaaa…')
    expect(escapeText('aaa🎉', 4)).toBe('aaa\\ud83c…')
  })
})

describe('toJsonLine', () => {
  it('is one safe line that reads back as the same value', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = toJsonLine({ path: text })
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(JSON.parse(line)).toEqual({ path: text })
      }),
      { numRuns: 2000 },
    )
  })
})
