// Guarantee (MGO-02, 05, 06, DBQ-05, 06, 07, 13): documents come back whole and typed, in batches up to the caps; a server
// that compresses unasked, or sends without end, is cut off; no socket of the bridge stays behind; directly and through an
// agent's tunnel alike. On FerretDB where no mongod is there.
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { BSON, Decimal128, Double, Int32, Long, ObjectId, UUID } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongodbEngine } from '../../src/query/mongodb/mongodb-engine.ts'
import { cleanUp, startService } from '../tunnel/kit/tunnel-rig.ts'
import { createEngineAsker, directDial, outcomeOf, tunnelDial, type EngineAsker } from './kit/ask-engine.ts'
import { findMongoServer, startMongo, type MongoServer } from './kit/mongodb-server.ts'

const kind = findMongoServer()
const roads = ['direct', 'tunnel'] as const
const trusted = { rules: { allowPrivilegedRole: true } }
const login = { username: null, password: '', database: 'shop' }
const bridges = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('pc-bridge-'))

let server: MongoServer

const where = kind ?? 'no server here: neither MONGODB_TEST_URL, mongod nor Go to build FerretDB'

describe.skipIf(kind === null)(`on ${where}`, () => {
  beforeAll(async () => {
    server = await startMongo(kind ?? 'mongod')
    const db = server.admin.db('shop')
    await db.collection('users').insertMany(
      [
        {
          _id: new ObjectId('65f000000000000000000001'),
          name: 'Ada ☃',
          n: Long.fromString('9007199254740993'),
          d: new Date(0),
        },
        {
          _id: new ObjectId('65f000000000000000000002'),
          name: 'Bob',
          tags: ['a', { b: new Int32(1) }],
          x: new Double(1.5),
        },
      ],
      { promoteLongs: false },
    )
    await db
      .collection('many')
      .insertMany(Array.from({ length: 2_500 }, (_, index) => ({ _id: index as never, index })))
    await db
      .collection('wide')
      .insertMany(
        Array.from({ length: 30 }, (_, index) => ({ _id: index as never, text: 'x'.repeat(500_000) })),
      )
  }, 300_000)
  afterAll(async () => {
    await server.stop()
  })

  describe.each(roads)('%s', (road) => {
    queriesOf(road)
  })
})

function queriesOf(road: (typeof roads)[number]): void {
  let ask: EngineAsker

  beforeAll(async () => {
    const dial = road === 'direct' ? directDial(server.port) : await tunnelDial(server.port)
    ask = createEngineAsker(mongodbEngine, { dial, login: { ...server.login, database: 'shop' } })
  })
  afterAll(cleanUp)

  it('finds documents, typed', async () => {
    const result = await ask('db.users.find().sort({name: 1})', trusted)
    expect(result).toMatchObject({
      columns: ['_id', 'name', 'n', 'd', 'tags', 'x'],
      rowCount: 2,
      truncated: false,
    })
    expect(JSON.parse(JSON.stringify(result.rows))).toEqual([
      {
        _id: '65f000000000000000000001',
        name: 'Ada ☃',
        n: '9007199254740993',
        d: '1970-01-01T00:00:00.000Z',
      },
      { _id: '65f000000000000000000002', name: 'Bob', tags: ['a', { b: 1 }], x: 1.5 },
    ])
  })

  it.each([
    ['db.users.countDocuments({name: "Bob"})', [{ n: 1 }]],
    ['db.users.aggregate([{$match: {name: "Bob"}}, {$project: {name: 1, _id: 0}}])', [{ name: 'Bob' }]],
    [
      '{"find": "users", "filter": {"_id": {"$oid": "65f000000000000000000002"}}, "projection": {"name": 1, "_id": 0}}',
      [{ name: 'Bob' }],
    ],
    ['db.nothing.find()', []],
  ])('%s', async (query, rows) => {
    expect((await ask(query, trusted)).rows).toEqual(rows.map((row) => expect.objectContaining(row)))
  })

  it('lists distinct values, or says that the server takes no time limit for it', async () => {
    const asked = ask('db.users.distinct("name")', trusted).then(
      ({ rows }) => rows,
      (error: unknown) => error,
    )
    const listed = [{ name: 'Ada ☃' }, { name: 'Bob' }]
    // FerretDB refuses the limit, and no query goes without one.
    const refused = { code: 'query.failed', query: { databaseCode: expect.stringMatching(/\w+/) } }
    expect(await asked).toMatchObject(kind === 'ferretdb' ? refused : listed)
  })

  it('stops at the row cap and at the byte cap', async () => {
    expect(await ask('db.many.find()', trusted)).toMatchObject({ rowCount: 1_000, truncated: true })
    expect(await ask('db.many.find().limit(1000)', trusted)).toMatchObject({
      rowCount: 1_000,
      truncated: false,
    })
    expect(await ask('db.many.aggregate([{$match: {}}])', trusted)).toMatchObject({
      rowCount: 1_000,
      truncated: true,
    })
    const wide = await ask('db.wide.find()', trusted)
    expect(wide).toMatchObject({ truncated: true })
    expect(wide.rowCount).toBeGreaterThan(5)
    expect(JSON.stringify(wide.rows).length).toBeLessThan(5.5 * 1_024 * 1_024)
  })

  it('writes one command where the share allows it', async () => {
    const write = { rules: { allowPrivilegedRole: true, allowWrites: true } }
    await server.admin.db('shop').collection('notes').deleteMany({})
    expect(await outcomeOf(ask('db.notes.insertOne({_id: 1, a: 1})', trusted))).toBe('query.refused')
    expect(await ask('db.notes.insertMany([{_id: 1, a: 1}, {_id: 2, a: 1}])', write)).toMatchObject({
      rowCount: 2,
    })
    expect(await ask('db.notes.updateMany({a: 1}, {$set: {a: 2}})', write)).toMatchObject({ rowCount: 2 })
    expect(await ask('db.notes.deleteOne({_id: 1})', write)).toMatchObject({ rowCount: 1 })
    expect(await server.admin.db('shop').collection('notes').find().toArray()).toEqual([{ _id: 2, a: 2 }])
    const twice = await ask('db.notes.insertOne({_id: 2})', write).catch((thrown: unknown) => thrown)
    expect(twice).toMatchObject({ code: 'query.failed' })
  })

  it('tells what the server said', async () => {
    const error: unknown = await ask('db.users.find({name: {$nope: 1}})', trusted).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      code: 'query.failed',
      query: { databaseCode: expect.stringMatching(/\w+/) },
    })
  })

  it.skipIf(kind === 'url')('needs the owner’s word where nobody signs in', async () => {
    expect(await outcomeOf(ask('db.users.find()'))).toBe('query.role_refused')
  })

  it('ends when the visitor leaves, and leaves no connection', async () => {
    const leaving = new AbortController()
    const running = ask('db.wide.find()', { ...trusted, signal: leaving.signal })
    leaving.abort(new Error('left'))
    await expect(running).rejects.toThrow('left')
    expect(bridges()).toEqual([])
  })
}

/** A reply of the server's own making to whatever comes. */
function message(opcode: number, body: Buffer): Buffer {
  const head = Buffer.alloc(16)
  head.writeInt32LE(16 + body.length, 0)
  head.writeInt32LE(opcode, 12)
  return Buffer.concat([head, body])
}

it.each([
  ['compresses unasked', 2_012, Buffer.alloc(64)],
  ['sends what is no BSON', 2_013, Buffer.alloc(64, 255)],
])('a server that %s is cut off', async (_what, opcode, body) => {
  const port = await startService((socket) => socket.on('data', () => socket.write(message(opcode, body))))
  const ask = createEngineAsker(mongodbEngine, { dial: directDial(port), login })
  const error: unknown = await ask('db.a.find()', { ...trusted, caps: { timeoutMs: 2_000 } }).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({ code: 'query.unavailable' })
  await cleanUp()
})

it('types of BSON that JSON lacks keep their value', async () => {
  const { toJson } = await import('../../src/query/mongodb/to-json.ts')
  const document = {
    decimal: Decimal128.fromString('1.10'),
    uuid: new UUID('00112233-4455-6677-8899-aabbccddeeff'),
    binary: new BSON.Binary(Buffer.from([1, 2])),
    nan: new Double(Number.NaN),
    timestamp: new BSON.Timestamp({ t: 1, i: 2 }),
    min: new BSON.MinKey(),
    ['__proto__']: 1,
  }
  expect(JSON.parse(JSON.stringify(toJson(document)))).toMatchObject({
    decimal: '1.10',
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
    binary: 'AQI=',
    nan: 'NaN',
    timestamp: { $timestamp: { t: 1, i: 2 } },
    min: { $minKey: 1 },
  })
})
