// Guarantee (SPEC §7): every value of MongoDB becomes JSON that says what it is: no number loses a digit, no bytes are
// taken for text, and no name of a field becomes anything but a name.
import fc from 'fast-check'
import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
import { describe, expect, it } from 'vitest'
import { toJson } from './to-json.ts'

/** As the driver hands it over: what was on the wire. */
const fromWire = (value: unknown): unknown =>
  BSON.deserialize(BSON.serialize({ value }), { promoteLongs: false, bsonRegExp: true })['value']
const seen = (value: unknown) => JSON.parse(JSON.stringify(toJson(fromWire(value)))) as unknown

describe('a value', () => {
  const id = '65f000000000000000000001'
  const uuid = '01234567-89ab-4cde-8f01-23456789abcd'
  it.each<[what: string, value: unknown, json: unknown]>([
    ['null', null, null],
    ['text', 'ä€😀', 'ä€😀'],
    ['yes', true, true],
    ['a whole number', 7, 7],
    ['a fraction', 1.5, 1.5],
    ['no number', Number.NaN, 'NaN'],
    ['no end', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['an Int32', new Int32(-3), -3],
    ['a Double', new Double(2), 2],
    ['a Double without an end', new Double(Number.POSITIVE_INFINITY), 'Infinity'],
    ['a Long', Long.fromString('9007199254740993'), '9007199254740993'],
    ['the smallest Long', Long.MIN_VALUE, '-9223372036854775808'],
    ['a decimal', Decimal128.fromString('1.10'), '1.10'],
    ['a time', new Date('2026-01-02T03:04:05.006Z'), '2026-01-02T03:04:05.006Z'],
    ['a time before Christ', new Date(-1e14), '-001199-02-15T14:13:20.000Z'],
    ['an id', new ObjectId(id), id],
    ['a UUID', new UUID(uuid), uuid],
    ['bytes', new Binary(Buffer.from([0, 255])), 'AP8='],
    ['bytes that are text', new Binary(Buffer.from('text')), 'dGV4dA=='],
    ['a timestamp', new Timestamp({ t: 4_294_967_295, i: 2 }), { $timestamp: { t: 4_294_967_295, i: 2 } }],
    ['an expression', new BSONRegExp('^a', 'i'), { $regularExpression: { pattern: '^a', options: 'i' } }],
    ['code', new Code('f()'), { $code: 'f()' }],
    ['the least', new MinKey(), { $minKey: 1 }],
    ['the most', new MaxKey(), { $maxKey: 1 }],
    ['a reference', new DBRef('c', new ObjectId(id)), { $ref: 'c', $id: { $oid: id } }],
    ['a list', [1, [Long.ONE, null]], [1, ['1', null]]],
    ['an object', { a: { b: new ObjectId(id) } }, { a: { b: id } }],
    [
      'an object that looks like a type',
      { _bsontype_: 'Long', $oid: 'x' },
      { _bsontype_: 'Long', $oid: 'x' },
    ],
  ])('%s', (...[, value, json]) => {
    expect(seen(value)).toEqual(json)
  })

  it('that is not there is null, a time that is none is not lost', () => {
    expect(toJson(undefined)).toBeNull()
    expect(toJson(new Date(Number.NaN))).toBe('Invalid Date')
  })
})

it('numbers of 64 bits keep every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
      expect(seen(Long.fromBigInt(number))).toBe(number.toString())
    }),
  )
})

it('plain documents come back as they were', () => {
  const name = fc
    .string()
    .filter((text) => !text.includes('\0') && !text.startsWith('$') && text !== '_bsontype')
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.integer())
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      expect(seen(value)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

it('names that JavaScript gives a meaning are names', () => {
  const document = BSON.deserialize(
    BSON.serialize(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toJSON": 3}') as BSON.Document),
  )
  const json = toJson(document) as Record<string, unknown>
  expect(JSON.stringify(json)).toBe('{"__proto__":{"a":1},"constructor":2,"toJSON":3}')
  expect(Object.getPrototypeOf(json)).toBeNull()
})
