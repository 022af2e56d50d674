import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayLiteral, readArray } from './array-text.ts'
import { readComposite } from './composite-text.ts'
import { isoTime } from './date-text.ts'
import { isExact, readExactJson } from './exact-json.ts'

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'NULL', '{', '}', ',', '"', '\\', '(', ')', ' '),
)

/** A row's text as PostgreSQL's record_out writes it. */
function compositeText(fields: readonly (string | null)[]): string {
  const written = fields.map((field) =>
    field === null ? '' : `"${field.replaceAll('"', '""').replaceAll('\\', '\\\\')}"`,
  )
  return `(${written.join(',')})`
}

describe('texts of arrays', () => {
  const { array } = fc.letrec<{ array: unknown[]; item: unknown }>((tie) => ({
    array: fc.array(tie('item'), { maxLength: 5 }),
    item: fc.oneof({ maxDepth: 3 }, texts, fc.constant(null), tie('array')),
  }))

  it('come back as they were written', () => {
    fc.assert(
      fc.property(array, (items) => {
        expect(readArray(arrayLiteral(items), String)).toEqual(items)
      }),
    )
  })

  it.each(['', '{', '{1', '{1,}', '{1}x', '1', '{"a}', '[0:1]', '{,}', '{{1}'])('%s is none', (text) => {
    expect(() => readArray(text, String)).toThrow('Not the text of an array')
  })

  it('may have other delimiters and bounds', () => {
    expect(readArray('{(1,1),(0,0);(2,2),(1,1)}', String, ';')).toEqual(['(1,1),(0,0)', '(2,2),(1,1)'])
    expect(readArray('[0:1][2:2]={{1},{NULL}}', Number)).toEqual([[1], [null]])
  })
})

describe('texts of rows', () => {
  it('come back as they were written', () => {
    const rows = fc.array(fc.option(texts), { minLength: 1 })
    fc.assert(
      fc.property(rows, (fields) => {
        expect(readComposite(compositeText(fields))).toEqual(fields)
      }),
    )
  })

  it('have plain, quoted and empty places', () => {
    expect(readComposite('(1,,"",a"b"c,\\,x)')).toEqual(['1', null, '', 'abc', ',x'])
  })

  it.each(['', '(', '(1', '1)', '("a)', '(1)x'])('%s is none', (text) => {
    expect(() => readComposite(text)).toThrow('Not the text of a row')
  })
})

describe('exact JSON', () => {
  it('is JSON.parse where doubles hold every number', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value)
        expect(readExactJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('keeps the digits of integers of any size', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(String(readExactJson(`[${value}]`))).toBe(String(value))
      }),
    )
  })

  it.each([
    ['1.50', true],
    ['15e-1', true],
    ['1E2', true],
    ['-0.0', true],
    ['0e5', true],
    ['100000000000000000000', true],
    ['100000000000000000001', false],
    ['0.1000000000000000055', false],
    ['1e400', false],
    ['1e-400', false],
    ['9007199254740993', false],
  ])('%s as a double is exact: %s', (source, exact) => {
    expect(isExact(source, Number(source))).toBe(exact)
  })

  it('leaves what is nested too deeply, or is no JSON, as text', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    expect(readExactJson(deep)).toBe(deep)
    expect(readExactJson('{')).toBe('{')
    expect(readExactJson('["[[[[", "\\"["]')).toEqual(['[[[[', '"['])
  })
})

describe('texts of times', () => {
  it.each([
    ['2024-01-02 03:04:05.1+00', '2024-01-02T03:04:05.1Z'],
    ['2024-01-02 03:04:05+05:30', '2024-01-02T03:04:05+05:30'],
    ['2024-01-02', '2024-01-02'],
    ['0001-01-01 BC', '0000-01-01'],
    ['4713-01-01 00:00:00 BC', '-004712-01-01T00:00:00'],
    ['294276-12-31', '+294276-12-31'],
    ['-infinity', '-infinity'],
    ['02.01.2024', '02.01.2024'],
  ])('%s is %s', (text, iso) => expect(isoTime(text)).toBe(iso))
})
