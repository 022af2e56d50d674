import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isExact, readExactJson } from './exact-json.ts'

/** A whole number as it is printed, `12e3` among others. */
function wholeOf(text: string): bigint {
  const [mantissa = '', power = '0'] = text.split('e+')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return BigInt(whole + fraction.padEnd(Number(power), '0'))
}

// Documents lose no digit: a number that JavaScript would round arrives as the text of its digits.
describe('numbers of a document', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['9007199254740992', 9_007_199_254_740_992],
    ['0.1', 0.1],
    ['0.10000000000000000001', '0.10000000000000000001'],
    ['1.50', 1.5],
    ['15e-1', 1.5],
    ['100', 100],
    ['1e400', '1e400'],
    ['0', 0],
    ['0.000', 0],
    ['-7', -7],
    ['1e21', 1e21],
  ])('%s is %j', (text, value) => {
    expect(readExactJson(text)).toBe(value)
    expect(readExactJson(`{"a":[${text}]}`)).toEqual({ a: [value] })
  })

  it('every double stays the number that it is', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(doubles, (value) => {
        expect(isExact(String(value), value)).toBe(true)
      }),
    )
  })

  it('every integer stays exact, as a number or as its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
        const read = readExactJson(String(value))
        expect(wholeOf(String(read))).toBe(value)
      }),
    )
  })
})

it('a document is what JSON.parse makes of it, where its numbers fit', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value)
      expect(readExactJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

it('leaves texts alone that look like numbers or brackets', () => {
  const text = JSON.stringify({ a: '9007199254740993', b: '['.repeat(500), c: '\\"[' })
  expect(readExactJson(text)).toEqual(JSON.parse(text))
})

it('keeps the text of a document that is nested too deeply, and of what is none', () => {
  const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  expect(readExactJson(nest(200))).toEqual(JSON.parse(nest(200)))
  expect(readExactJson(nest(201))).toBe(nest(201))
  expect(readExactJson(nest(100_000))).toBe(nest(100_000))
  expect(readExactJson('{')).toBe('{')
})
