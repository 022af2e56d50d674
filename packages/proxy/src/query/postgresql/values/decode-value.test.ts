import { describe, expect, it } from 'vitest'
import { decoderOf, isKnownType } from './decode-value.ts'
import type { TypeEntry } from './type-catalog.ts'

const plain: TypeEntry = { baseType: null, elementType: null, delimiter: ',', attributes: null }
const catalog = new Map<number, TypeEntry>([
  [50_001, { ...plain, baseType: 23 }],
  [50_002, { ...plain, elementType: 50_001 }],
  [50_003, { ...plain, elementType: 603, delimiter: ';' }],
  [
    50_004,
    {
      ...plain,
      attributes: [
        ['n', 23],
        ['__proto__', 25],
        ['tags', 1009],
      ],
    },
  ],
  [50_005, plain],
])
const decode = (type: number, text: string): unknown => decoderOf(type, catalog)(text)

// Each value becomes JSON that loses nothing: what a double cannot hold stays text, as does what nobody knows.
describe('values of built-in types', () => {
  it.each([
    [16, 't', true],
    [16, 'f', false],
    [21, '-32768', -32_768],
    [23, '2147483647', 2_147_483_647],
    [20, '9223372036854775807', '9223372036854775807'],
    [1700, '1.10', '1.10'],
    [701, '1.5', 1.5],
    [701, 'NaN', 'NaN'],
    [701, '-Infinity', '-Infinity'],
    [701, '-0', '-0'],
    [17, '\\x68656c6c6f', 'aGVsbG8='],
    [17, '\\x', ''],
    [25, ' as it is ', ' as it is '],
    [114, '{"a":9007199254740993}', { a: '9007199254740993' }],
    [1184, '2026-11-22 05:31:13+00', '2026-11-22T05:31:13Z'],
    [1007, '{1,NULL}', [1, null]],
    [1000, '{t,f}', [true, false]],
    [199, '{"{\\"a\\":1}"}', [{ a: 1 }]],
  ])('type %i: %s', (type, text, value) => {
    expect(isKnownType(type)).toBe(true)
    expect(decode(type, text)).toEqual(value)
  })
})

describe('values of a database’s own types', () => {
  it.each<[string, number, string, unknown]>([
    ['a domain', 50_001, '7', 7],
    ['an array of a domain', 50_002, '{7,NULL}', [7, null]],
    ['an array with another delimiter', 50_003, '{(1,1),(0,0);(2,2),(1,1)}', ['(1,1),(0,0)', '(2,2),(1,1)']],
    ['an enumeration', 50_005, 'red', 'red'],
    ['what is not in the catalog', 50_099, '{1}', '{1}'],
  ])('%s', (_what, type, ...[text, value]: [string, unknown]) => {
    expect(isKnownType(type)).toBe(false)
    expect(decode(type, text)).toEqual(value)
  })

  it('a row is an object of its fields, whatever they are called', () => {
    const row = decode(50_004, '(1,x,"{a,""b c""}")') as object
    expect(Object.entries(row)).toEqual([
      ['n', 1],
      ['__proto__', 'x'],
      ['tags', ['a', 'b c']],
    ])
    expect(Object.getPrototypeOf(row)).toBeNull()
  })

  it('fields that were added later are null', () => {
    expect(Object.entries(decode(50_004, '(1)') as object)).toEqual([
      ['n', 1],
      ['__proto__', null],
      ['tags', null],
    ])
  })
})
