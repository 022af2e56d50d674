import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindOf, longTextOf, textOf } from './present-value.ts'

describe('kindOf', () => {
  it.each([
    [null, 'null'],
    [undefined, 'null'],
    [{ a: 1 }, 'json'],
    [[1], 'json'],
    [true, 'boolean'],
    [1.5, 'number'],
    ['9007199254740993', 'number'],
    ['-0.10', 'number'],
    ['2026-03-01', 'date'],
    ['2026-03-01T10:00:00.123Z', 'date'],
    ['2026-03-01 10:00:00+02', 'date'],
    ['', 'text'],
    ['1e5', 'text'],
    ['ada', 'text'],
  ])('%j is %s', (value, kind) => {
    expect(kindOf(value)).toBe(kind)
  })
})

describe('textOf', () => {
  it('writes what has no text of its own', () => {
    expect([null, { a: [1] }, false, 'x'].map(textOf)).toEqual(['null', '{"a":[1]}', 'false', 'x'])
    expect(longTextOf({ a: 1 })).toBe('{\n  "a": 1\n}')
    expect(longTextOf(null)).toBe('null')
  })

  it('takes any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(textOf(value)).toBeTypeOf('string')
        expect(longTextOf(value).length).toBeGreaterThanOrEqual(textOf(value).length)
      }),
    )
  })
})
