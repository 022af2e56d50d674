// Guarantee (DBQ-14): no cell becomes a formula in a spreadsheet, none breaks out of its field, and every value is read back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindOf, kindOfColumn, textOf, toCsv } from './present-values.js'

const csvOf = (value: unknown): string => toCsv({ columns: ['a'], rows: [{ a: value }] }).slice(3, -2)

describe('a cell of the CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['+cmd|calc', "'+cmd|calc"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['-12.50', '-12.50'],
    ['+1', '+1'],
    [-5, '-5'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    [null, ''],
    [{ a: 1 }, '"{""a"":1}"'],
    [true, 'true'],
  ])('%j is %j', (value, text) => {
    expect(csvOf(value).replace(/^"'/, '"\'')).toBe(text)
  })

  it('is read back as it was, but for the mark before a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const cell = csvOf(value)
        const inner = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        expect([value, `'${value}`]).toContain(inner)
        expect(/^[=@\t\r]/.test(inner)).toBe(false)
      }),
    )
  })
})

it.each([
  [null, 'null'],
  [1, 'number'],
  ['9223372036854775807', 'number'],
  ['2026-03-01', 'date'],
  ['2026-03-01T10:00:00.000Z', 'date'],
  ['0000-00-00', 'date'],
  [[1], 'json'],
  [true, 'boolean'],
  ['x', 'text'],
])('%j is shown as %s', (value, kind) => {
  expect(kindOf(value)).toBe(kind)
})

it('a column is what all its values are', () => {
  const rows = [
    { a: null, b: 1, c: 'x' },
    { a: 2, b: 3, c: 1 },
  ]
  expect(['a', 'b', 'c'].map((name) => kindOfColumn(name, rows))).toEqual(['number', 'number', 'text'])
  expect(textOf({ a: 1 })).toBe('{"a":1}')
})
