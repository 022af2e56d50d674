// Guarantee (MGO-04): the shell's text is read, never run; what is no plain value is a 400 with its place, and no text
// makes the reader fail in any other way.
import { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { BSON, Decimal128, Long, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { checkCommand } from './command-rules.ts'
import { parseShell } from './parse-shell.ts'
import { toCommand } from './shell-to-command.ts'

const commandOf = (query: string) => toCommand(parseShell(query))

describe('queries of the shell', () => {
  it.each([
    ['db.users.find()', { find: 'users', filter: {} }],
    [
      'db.users.find({a: 1}, {b: 1}).sort({a: -1}).skip(2).limit(5);',
      { find: 'users', filter: { a: 1 }, projection: { b: 1 }, sort: { a: -1 }, skip: 2, limit: 5 },
    ],
    ['db.getCollection("a b").findOne()', { find: 'a b', filter: {}, limit: 1 }],
    ['db["a-b"].find().toArray()', { find: 'a-b', filter: {} }],
    ['db.a.b.c.find()', { find: 'a.b.c', filter: {} }],
    ['db.users.aggregate([{$match: {}}])', { aggregate: 'users', pipeline: [{ $match: {} }] }],
    ['db.users.countDocuments({a: 1})', { count: 'users', query: { a: 1 } }],
    ['db.users.find({a: 1}).count()', { count: 'users', query: { a: 1 } }],
    ["db.users.distinct('a', {b: null})", { distinct: 'users', key: 'a', query: { b: null } }],
    ['db.users.find().explain()', { explain: { find: 'users', filter: {} }, verbosity: 'queryPlanner' }],
    ['db.getCollectionNames()', { listCollections: 1, nameOnly: true }],
    ['db.runCommand({find: "users"})', { find: 'users' }],
    [
      '{"find": "users", "filter": {"a": {"$gt": 1}}} // a comment',
      { find: 'users', filter: { a: { $gt: 1 } } },
    ],
    ['/* a */ db.users\n  .find( )', { find: 'users', filter: {} }],
  ])('%s', (query, command) => {
    expect(commandOf(query)).toEqual(command)
  })

  it('have the shell’s types and those of extended JSON', () => {
    const { filter } = commandOf(`db.a.find({
      id: ObjectId("65f000000000000000000001"), d: ISODate("2026-01-02T03:04:05Z"), n: NumberLong("9007199254740993"),
      m: NumberDecimal("1.10"), r: /^a.b/i, x: {"$oid": "65f000000000000000000001"}, y: {"$date": {"$numberLong": "0"}},
      i: -1, t: \`text\`, u: undefined, big: 1234567890123456789n })`) as { filter: Record<string, unknown> }
    expect(filter['id']).toEqual(new ObjectId('65f000000000000000000001'))
    expect(filter['x']).toEqual(filter['id'])
    expect(filter['d']).toEqual(new Date('2026-01-02T03:04:05Z'))
    expect(filter['y']).toEqual(new Date(0))
    expect(filter['n']).toEqual(Long.fromString('9007199254740993'))
    expect(filter['m']).toEqual(Decimal128.fromString('1.10'))
    expect(BSON.EJSON.stringify(filter['r'])).toBe('{"$regularExpression":{"pattern":"^a.b","options":"i"}}')
    expect([filter['i'], filter['t'], filter['u']]).toEqual([-1, 'text', null])
    expect(filter['big']).toEqual(Long.fromString('1234567890123456789'))
  })
})

const nested = `db.a.find(${'{a:'.repeat(200)}1${'}'.repeat(200)})`

it.each([
  '',
  'db',
  'db.users',
  'users.find()',
  'process.exit()',
  'db.a.find(); db.b.find()',
  'db.a.find()) (1',
  'db.a.find({a: 1 + 1})',
  'db.a.find({a: () => 1})',
  'db.a.find({a: function () {}})',
  'db.a.find({[a]: 1})',
  'db.a.find({...b})',
  'db.a.find({get a() { return 1 }})',
  'db.a.find({"__proto__": {}})',
  'db.a.find({a: 1, a: 2})',
  'db.a.find({a: new Function("x")})',
  'db.a.find({a: constructor("x")})',
  'db.a.find({a: Date()})',
  'db.a.find({a: ObjectId("x")})',
  'db.a.find({a: this})',
  'db.a.find({a: `${b}`})',
  'db.a.find({a: {"$date": "x"}})',
  'db.a.find([,])',
  'db.a.find(a = 1)',
  'db?.a.find()',
  'db.a.constructor("x")',
  'db.a.toString()',
  'db.a.find().forEach(print)',
  'db.a.find().map(1)',
  'eval("1")',
  'import("fs")',
  'new db.a.find()',
  'db.a.find`x`',
  nested,
  `db.a.find(${'['.repeat(4_900)}${']'.repeat(4_900)})`,
])('refuses %s', (query) => {
  expect(() => checkCommand(commandOf(query), true)).toThrow(
    expect.objectContaining({ code: 'query.refused' }),
  )
})

it('tells the place of what is wrong', () => {
  const error = refusalOf('db.users.find({a: 1 + 1})')
  expect(error?.query?.position).toBe(19)
  expect(refusalOf('db.users.find({a: })')?.query?.position).toBe(19)
})

it('refuses any other text with a sentence', () => {
  const pieces = fc.constantFrom(
    'db',
    '.a',
    '.find',
    '(',
    ')',
    '{',
    '}',
    'a:',
    '1',
    '"x"',
    ',',
    '[',
    ']',
    '$where',
    '`',
    '/',
    ';',
    ' ',
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(texts, (query) => {
      expect(refusalOf(query)?.publicMessage ?? 'taken').toMatch(/^.{5}/)
    }),
    { numRuns: 2_000 },
  )
})

/** Null where it is taken; anything but a refusal is thrown. */
function refusalOf(query: string): AppError | null {
  try {
    checkCommand(commandOf(query), true)
    return null
  } catch (error) {
    if (error instanceof AppError && error.code === 'query.refused') return error
    throw error
  }
}
