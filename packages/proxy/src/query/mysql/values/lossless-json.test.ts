import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLosslessJson } from './lossless-json.ts'

describe('parseLosslessJson', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e999', '1e999'],
    ['1e-999', '1e-999'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['0.10', 0.1],
    ['1.0', 1],
    ['1e3', 1_000],
    ['-0', -0],
    ['100000000000000000000000', 1e23],
    ['[1, {"a": 12345678901234567890}]', [1, { a: '12345678901234567890' }]],
  ])('keeps the numbers of %s', (text, value) => {
    expect(parseLosslessJson(text)).toEqual(value)
  })

  it('leaves as text what is no JSON', () => {
    expect(parseLosslessJson('{"a":')).toBe('{"a":')
  })

  it('changes nothing that a double can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parseLosslessJson(text))).toBe(text)
      }),
    )
  })
})
