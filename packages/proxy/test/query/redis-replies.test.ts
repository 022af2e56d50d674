// Guarantee (RDS-07, DBQ-05, DBQ-10, DBQ-13): replies become rows without losing anything, large ones stop at the caps with
// flat memory, writes happen where the share allows them, and errors tell the asker what the server said and no secret;
// directly and through an agent's tunnel alike.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisEngine } from '../../src/query/redis/redis-engine.ts'
import { cleanUp } from '../tunnel/kit/tunnel-rig.ts'
import { createEngineAsker, directDial, outcomeOf, tunnelDial, type EngineAsker } from './kit/ask-engine.ts'
import { startRedis, type RedisServer } from './kit/redis-server.ts'

let server: RedisServer
const askers: Record<string, EngineAsker> = {}
const writers: Record<string, EngineAsker> = {}
const roads = ['direct', 'tunnel'] as const

beforeAll(async () => {
  server = await startRedis()
  const dials = { direct: directDial(server.port), tunnel: await tunnelDial(server.port) }
  for (const road of roads) {
    const dial = dials[road]
    const login = { username: 'reader', password: 'reader-password', database: '0' }
    askers[road] = createEngineAsker(redisEngine, { dial, login })
    const other = { username: 'writer', password: 'writer-password', database: null }
    writers[road] = createEngineAsker(redisEngine, { dial, login: other })
  }
  const { admin } = server
  await admin.set('name', 'Ada ☃')
  await admin.set('bytes', Buffer.from([255, 0, 1]))
  await admin.set('big', '9223372036854775807')
  await admin.hset('hash', { b: '2', a: '1' })
  await admin.zadd('zset', 1.5, 'm', 2, 'n')
  await admin.xadd('stream', '1-1', 'f', 'v')
  await admin.set('huge', Buffer.alloc(200 * 1_024 * 1_024, 120))
  for (let at = 0; at < 100; at += 1) {
    await admin.rpush('long', ...Array.from({ length: 2_000 }, (_, index) => `item-${at * 2_000 + index}`))
  }
}, 120_000)
afterAll(async () => {
  await server.stop()
  await cleanUp()
})

describe.each(roads)('%s', (road) => {
  const ask: EngineAsker = Object.assign(
    (...args: Parameters<EngineAsker>) => (askers[road] as EngineAsker)(...args),
    { connection: undefined as never },
  )

  it.each([
    ['GET name', ['value'], [{ value: 'Ada ☃' }]],
    ['GET nothing', ['value'], [{ value: null }]],
    ['GET bytes', ['value'], [{ value: '/wAB' }]],
    ['STRLEN name', ['value'], [{ value: '7' }]],
    [
      'MGET name nothing big',
      ['value'],
      [{ value: 'Ada ☃' }, { value: null }, { value: '9223372036854775807' }],
    ],
    [
      'HGETALL hash',
      ['field', 'value'],
      [
        { field: 'b', value: '2' },
        { field: 'a', value: '1' },
      ],
    ],
    [
      'ZRANGE zset 0 -1 WITHSCORES',
      ['member', 'score'],
      [
        { member: 'm', score: '1.5' },
        { member: 'n', score: '2' },
      ],
    ],
    ['SCAN 0 MATCH nam* COUNT 1000', ['cursor', 'key'], [{ cursor: '0', key: 'name' }]],
    [
      'HSCAN hash 0',
      ['cursor', 'field', 'value'],
      [
        { cursor: '0', field: 'b', value: '2' },
        { cursor: '0', field: 'a', value: '1' },
      ],
    ],
    ['XRANGE stream - +', ['id', 'fields'], [{ id: '1-1', fields: ['f', 'v'] }]],
    ['SMEMBERS nothing', ['value'], []],
    ['TYPE name', ['value'], [{ value: 'string' }]],
    ['OBJECT ENCODING big', ['value'], [{ value: 'int' }]],
  ])('%s', async (line, columns, rows) => {
    const result = await ask(line)
    expect(result).toMatchObject({ columns, rowCount: rows.length, truncated: false })
    expect(result.rows).toEqual(rows.map((row) => expect.objectContaining(row)))
  })

  it('stops a long list at its row cap', async () => {
    const result = await ask('LRANGE long 0 -1')
    expect(result).toMatchObject({ rowCount: 1_000, truncated: true })
    expect(result.rows[999]).toEqual({ value: 'item-999' })
  })

  it('closes on a single huge value, and the hub stays small', async () => {
    const before = process.memoryUsage().rss
    expect(await ask('GET huge')).toMatchObject({ rows: [], truncated: true })
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1_024 * 1_024)
    expect(await ask('GETRANGE huge 0 2')).toMatchObject({ rows: [{ value: 'xxx' }] })
  })

  it('tells what the server said', async () => {
    const error: unknown = await ask('LRANGE name 0 -1').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'query.failed', query: { databaseCode: 'WRONGTYPE' } })
  })

  it('writes where the share allows it, and only then', async () => {
    const write = writers[road] as EngineAsker
    expect(await outcomeOf(write('SET k 1'))).toBe('query.refused')
    expect((await write('SET k "a b"', { rules: { allowWrites: true } })).rows).toEqual([{ value: 'OK' }])
    expect(await server.admin.get('k')).toBe('a b')
    expect(await outcomeOf(write('FLUSHALL', { rules: { allowWrites: true } }))).toBe('query.refused')
    expect(await outcomeOf(write('SORT long STORE k', { rules: { allowWrites: true } }))).toBe(
      'query.refused',
    )
  })

  it('says nothing of a login that is not let in', async () => {
    const { connection } = askers[road] as EngineAsker
    const login = { username: 'reader', password: 'canary-wrong', database: null }
    const wrong = createEngineAsker(redisEngine, { ...connection, login })
    const error = (await wrong('GET name').catch((thrown: unknown) => thrown)) as {
      publicMessage: string
      message: string
    }
    expect(error).toMatchObject({ code: 'query.unavailable' })
    expect(error.publicMessage + error.message).not.toMatch(/canary|reader/)
  })

  it('ends at once when the visitor leaves', async () => {
    const leaving = new AbortController()
    const running = ask('GET huge', { signal: leaving.signal, caps: { bytesMax: 2 ** 30 } })
    leaving.abort(new Error('left'))
    await expect(running).rejects.toThrow('left')
  })
})
