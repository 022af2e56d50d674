// Guarantee (RDS-01, 02, 04, 05, 08, DBQ-12): on a read-only share no command line changes a key, a setting or the session,
// even with a login that could; most are refused before anything is sent. A cluster's redirect is not followed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisEngine } from '../../src/query/redis/redis-engine.ts'
import { cleanUp, startService } from '../tunnel/kit/tunnel-rig.ts'
import { createEngineAsker, directDial, outcomeOf, type EngineAsker } from './kit/ask-engine.ts'
import { adminPassword, startRedis, type RedisServer } from './kit/redis-server.ts'
import { refusedCommands, writeCommands } from './corpus/redis-commands.ts'

let server: RedisServer
let admin: EngineAsker
let reader: EngineAsker
const trusted = { rules: { allowPrivilegedRole: true } }

beforeAll(async () => {
  server = await startRedis()
  const dial = directDial(server.port)
  admin = createEngineAsker(redisEngine, {
    dial,
    login: { username: null, password: adminPassword, database: null },
  })
  reader = createEngineAsker(redisEngine, {
    dial,
    login: { username: 'reader', password: 'reader-password', database: null },
  })
  await server.admin.mset({ name: 'Ada', n: '1', bytes: 'x' })
  await server.admin.rpush('list', 'a', 'b', 'c')
  await server.admin.hset('hash', { f: 'v' })
  await server.admin.sadd('set', 'm')
  await server.admin.zadd('zset', 1, 'm')
  await server.admin.xadd('stream', '1-1', 'f', 'v')
})
afterAll(async () => {
  await server.stop()
  await cleanUp()
})

describe('with the rights of an administrator', () => {
  it.each([...refusedCommands, ...writeCommands])('%s is refused and changes nothing', async (line) => {
    const before = await server.fingerprint()
    await expect(admin(line, trusted)).rejects.toMatchObject({ code: 'query.refused' })
    expect(await server.fingerprint()).toBe(before)
  })

  it('needs to be confirmed, each time', async () => {
    await expect(admin('GET name')).rejects.toMatchObject({ code: 'query.role_refused' })
    expect((await admin('GET name', trusted)).rows).toEqual([{ value: 'Ada' }])
    const { signal } = new AbortController()
    expect(await redisEngine.inspectRole(admin.connection, signal)).toMatchObject({ isPrivileged: true })
    expect(await redisEngine.inspectRole(reader.connection, signal)).toEqual({
      isPrivileged: false,
      reason: null,
    })
  })
})

it.each(refusedCommands)(
  '%s is refused by its name, before anything is sent, on a share that writes too',
  (line) => {
    const rules = { allowWrites: true, maskedColumns: [], allowPrivilegedRole: true }
    expect(() => redisEngine.check({ query: line, params: [] }, rules)).toThrow(
      expect.objectContaining({ code: 'query.refused' }),
    )
  },
)

it('a login that may not ask for flags still reads, by the hub’s own list', async () => {
  await server.admin.call('ACL', 'SETUSER', 'bare', 'on', '>p', '~*', '-@all', '+@read')
  const bare = createEngineAsker(redisEngine, {
    dial: directDial(server.port),
    login: { username: 'bare', password: 'p', database: null },
  })
  expect((await bare('LRANGE list 0 -1')).rows).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'c' }])
  expect(await outcomeOf(bare('TOUCH name'))).toBe('query.refused')
})

it('what is done in one question is unknown to the next', async () => {
  await reader('GET name')
  const clients = String(await server.admin.client('LIST'))
  expect(clients.split('\n').filter((line) => line.includes('user=reader'))).toEqual([])
})

it('a redirect of a cluster is told, not followed, and names no address', async () => {
  let dials = 0
  const port = await startService((socket) => {
    dials += 1
    socket.on('data', (data: Buffer) => {
      const count = data.toString('latin1').match(/^\*\d/gm)?.length ?? 0
      const isQuestion = data.includes('get')
      for (let at = 0; at < count; at += 1) {
        socket.write(isQuestion ? '-MOVED 3999 10.9.8.7:6381\r\n' : '-NOPERM no\r\n')
      }
    })
  })
  const login = { username: null, password: '', database: null }
  const cluster = createEngineAsker(redisEngine, { dial: directDial(port), login })
  const error: unknown = await cluster('get name').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'query.failed', query: { databaseCode: 'MOVED' } })
  expect(JSON.stringify(error)).not.toContain('10.9.8.7')
  expect(dials).toBe(1)
})
