// Guarantee (MGO-04): a literal of the shell is the value that it says, down to its type on the wire, or it is refused with
// its place: never another value, and nothing is run.
import fc from 'fast-check'
import { Binary, BSON, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId, Timestamp, UUID } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { parseShell } from './parse-shell.ts'

const valueOf = (text: string): unknown => {
  const query = parseShell(`{a: ${text}}`)
  return query.form === 'command' ? query.document['a'] : undefined
}
/** What would be sent, in hex. */
const wireOf = (value: unknown) => Buffer.from(BSON.serialize({ value })).toString('hex')
const quote = (text: string) => JSON.stringify(text)

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((all) => Buffer.from(all).toString('hex'))
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String)
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(String)
const bytes = fc.uint8Array({ maxLength: 20 }).map((all) => Buffer.from(all).toString('base64'))
const subtypeButVector = fc.integer({ min: 0, max: 255 }).filter((type) => type !== Binary.SUBTYPE_VECTOR)
const uuid = fc.uuid()
const decimal = fc
  .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: -20, max: 20 }))
  .map(([n, e]) => `${n}E${e}`)

type Written = readonly [text: string, value: unknown]
/** The texts of a value, in the shell's words and in extended JSON, with the value. */
const written: readonly (readonly [name: string, written: fc.Arbitrary<readonly Written[]>])[] = [
  ['ids', hexOf(12).map((hex) => both(hex, new ObjectId(hex), ['ObjectId', '$oid']))],
  ['long numbers', int64.map((text) => both(text, Long.fromString(text), ['NumberLong', '$numberLong']))],
  ['long numbers, by another name', int64.map((text) => [[`Long(${quote(text)})`, Long.fromString(text)]])],
  ['whole numbers', int32.map((text) => both(text, new Int32(Number(text)), ['NumberInt', '$numberInt']))],
  ['whole numbers, without quotes', int32.map((text) => [[`Int32(${text})`, new Int32(Number(text))]])],
  [
    'decimals',
    decimal.map((text) => both(text, Decimal128.fromString(text), ['NumberDecimal', '$numberDecimal'])),
  ],
  [
    'numbers',
    fc
      .double()
      .map((number) =>
        both(Object.is(number, -0) ? '-0' : String(number), new Double(number), ['Double', '$numberDouble']),
      ),
  ],
  [
    'vectors',
    fc.int8Array({ maxLength: 9 }).map((numbers) => {
      const value = Binary.fromInt8Array(numbers)
      return [[`BinData(9, ${quote(value.toString('base64'))})`, value]]
    }),
  ],
  ['UUIDs', uuid.map((text) => both(text, new UUID(text), ['UUID', '$uuid']))],
  [
    'bytes',
    fc.tuple(subtypeButVector, bytes).map(([type, base64]) => {
      const value = new Binary(Buffer.from(base64, 'base64'), type)
      const extended = quote(JSON.stringify({ base64, subType: type.toString(16) }))
        .slice(1, -1)
        .replaceAll('\\"', '"')
      return [
        [`BinData(${type}, ${quote(base64)})`, value],
        [`{"$binary": ${extended}}`, value],
      ]
    }),
  ],
  [
    'times',
    fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }).map((date) => [
      [`ISODate(${quote(date.toISOString())})`, date],
      [`new Date(${date.getTime()})`, date],
      [`{"$date": {"$numberLong": "${date.getTime()}"}}`, date],
    ]),
  ],
  [
    'timestamps',
    fc.tuple(uint32, uint32).map(([t, i]) => {
      const value = new Timestamp({ t: Number(t), i: Number(i) })
      return [
        [`Timestamp(${t}, ${i})`, value],
        [`{"$timestamp": {"t": ${t}, "i": ${i}}}`, value],
      ]
    }),
  ],
  [
    'expressions',
    fc
      .tuple(fc.stringMatching(/^[a-z.^$]{1,8}$/), fc.constantFrom('', 'i', 'mi', 'x'))
      .map(([pattern, flags]) => [
        [`RegExp(${quote(pattern)}, ${quote(flags)})`, new BSONRegExp(pattern, [...flags].sort().join(''))],
      ]),
  ],
  [
    'plain JSON',
    fc
      .jsonValue({ maxDepth: 3 })
      .map((value) => JSON.stringify(value))
      .filter(isPlain)
      // What the text says: it has no minus for a zero.
      .map((text) => [[text, JSON.parse(text) as unknown]]),
  ],
]

function both(text: string, value: unknown, [word, extended]: readonly [string, string]): Written[] {
  return [
    [`${word}(${quote(text)})`, value],
    [`new ${word}(${quote(text)})`, value],
    [`{${quote(extended)}: ${quote(text)}}`, value],
  ]
}

/** Whether no name in it means anything to extended JSON or is refused. */
function isPlain(text: string): boolean {
  return !/"(?:\$[^"]*|__proto__)":/.test(text)
}

describe.each(written)('%s', (_, arbitrary) => {
  it('are sent as they were written', () => {
    fc.assert(
      fc.property(arbitrary, (texts) => {
        for (const [text, value] of texts)
          expect([text, wireOf(valueOf(text))]).toEqual([text, wireOf(value)])
      }),
    )
  })
})

describe('what would become another value is refused', () => {
  const max = (2n ** 63n).toString()
  it.each([
    `NumberLong("${max}")`,
    'NumberLong("-9223372036854775809")',
    'NumberLong("99999999999999999999")',
    'NumberLong(1e300)',
    'NumberLong(1.5)',
    'NumberLong("")',
    'NumberLong("0x10")',
    'NumberLong()',
    `${max}n`,
    `{"$numberLong": "${max}"}`,
    'NumberInt(2147483648)',
    'NumberInt("-2147483649")',
    '{"$numberInt": "2147483648"}',
    'Double("")',
    'Double("1x")',
    'Double({})',
    '{"$numberDouble": "x"}',
    'NumberDecimal("x")',
    'NumberDecimal("1e9999")',
    'NumberDecimal(null)',
    'Timestamp(4294967296, 0)',
    'Timestamp(-1, 0)',
    'Timestamp(1)',
    'BinData(256, "AA==")',
    'BinData(-1, "AA==")',
    'BinData(0, "@@@@")',
    'BinData(0, "AA")',
    'BinData(0)',
    'BinData(9, "Aw==")',
    '{"$binary": {"base64": "Aw==", "subType": "09"}}',
    '{"$binary": {"base64": "A", "subType": "00"}}',
    '{"$binary": {"base64": "AA==", "subType": "zz"}}',
    '{"$binary": "AA=="}',
    'ObjectId()',
    'ObjectId("65f00000000000000000000")',
    'ObjectId("123456789012")',
    '{"$oid": 1}',
    'UUID("x")',
    '{"$uuid": "x"}',
    'ISODate("2026-13-01")',
    'ISODate()',
    'Date(2026, 1)',
    'RegExp("a", "g")',
    'RegExp("a\\u0000")',
  ])('%s', (text) => {
    const position = 5
    expect(() => valueOf(text)).toThrow(
      expect.objectContaining({ code: 'query.refused', query: expect.objectContaining({ position }) }),
    )
  })
})
