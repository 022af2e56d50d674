// Guarantee: a few words never make a Redis server build a reply that is far larger than what it keeps. A server builds all
// of it before it sends any, so what is asked, not what comes back, is the only place to stop it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { redisEngine } from '../../src/query/redis/redis-engine.ts'
import { createEngineAsker, directDial, type EngineAsker } from './kit/ask-engine.ts'
import { startRedis, type RedisServer } from './kit/redis-server.ts'

let server: RedisServer
let ask: EngineAsker
beforeAll(async () => {
  server = await startRedis()
  ask = createEngineAsker(redisEngine, {
    dial: directDial(server.port),
    login: { username: 'reader', password: 'reader-password', database: null },
  })
  await server.admin.sadd('set', 'x'.repeat(1_000))
  await server.admin.hset('hash', { f: 'v', g: 'w' })
  await server.admin.zadd('zset', 1, 'm')
  await server.admin.mset({ name: 'Ada', big: 'x'.repeat(20_000) })
  await server.admin.xadd('stream', '1-1', 'f', 'v')
})
afterAll(() => server.stop())

it.each([
  'SRANDMEMBER set -1000000000',
  'srandmember set "-1000000000"',
  'SRANDMEMBER set -1001',
  'SRANDMEMBER set x',
  'HRANDFIELD hash -1000000000 WITHVALUES',
  'ZRANDMEMBER zset -1000000000',
  'SCAN 0 COUNT 1000000000',
  'SCAN 0 MATCH count COUNT 1000000000',
  'SCAN 0 COUNT 10 COUNT 1000000000',
  'HSCAN hash 0 COUNT 1000000000',
  'LCS big big',
  'LCS big big LEN',
  `MGET${' big'.repeat(2_000)}`,
  `HMGET hash${' f'.repeat(2_000)}`,
  `XREAD STREAMS${' stream'.repeat(2_000)}${' 0'.repeat(2_000)}`,
])('refuses %.60s before anything is sent', (line) => {
  const rules = { allowWrites: true, maskedColumns: [], allowPrivilegedRole: true }
  expect(() => redisEngine.check({ query: line, params: [] }, rules)).toThrow(
    expect.objectContaining({ code: 'query.refused' }),
  )
})

it.each([
  ['SRANDMEMBER set -1000', 1_000],
  ['SRANDMEMBER set 5', 1],
  ['HRANDFIELD hash -3', 3],
  ['MGET name big', 2],
  ['HMGET hash f g', 2],
  ['XREAD STREAMS stream 0', 1],
] as const)('answers %s', async (line, count) => {
  expect((await ask(line)).rowCount).toBe(count)
})

it('walks in steps', async () => {
  await expect(ask('SCAN 0 COUNT 10000')).resolves.toBeDefined()
  await expect(ask('SCAN 0 MATCH count COUNT 10')).resolves.toBeDefined()
  await expect(ask('HSCAN count 0 COUNT 10')).resolves.toBeDefined()
})
