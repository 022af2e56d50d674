import { AppError } from '@private-connect/errors'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { QueryConnection } from '../../src/query/index.ts'
import { cleanUp } from '../tunnel/kit/tunnel-rig.ts'
import { tunnelDial } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, errorOf, fillShop, reader, runMysql, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: rows, bytes and time end while a result streams, never after it; the server is told to stop, whatever the
 * reason, and nobody's session is left there. Direct and through an agent's tunnel.
 */
let db: MariaDb

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  await db.admin(`
    USE shop;
    CREATE TABLE many (id INT PRIMARY KEY, word CHAR(100)) ENGINE = Aria;
    INSERT INTO many SELECT seq, REPEAT('x', 100) FROM seq_1_to_1000000;
  `)
})
afterAll(() => db.stop())
afterEach(cleanUp)

const ways: [string, () => Promise<QueryConnection>][] = [
  ['direct', async () => connectionTo(db.port)],
  ['through the tunnel', async () => connectionTo(db.port, { dial: await tunnelDial(db.port) })],
]

/** Sessions of visitors that the server still has. */
async function openSessions(): Promise<unknown[]> {
  return db.admin(
    `SELECT ID, COMMAND, INFO FROM information_schema.PROCESSLIST WHERE USER IN ('${reader.username}', '${writer.username}')`,
  )
}

async function untilIdle(): Promise<void> {
  await vi.waitFor(async () => expect(await openSessions()).toEqual([]), { timeout: 10_000, interval: 20 })
}

/** Rejects with its reason once the server has begun the query. */
function abortWhenRunning(text: string): AbortController {
  const controller = new AbortController()
  const watch = async (): Promise<void> => {
    await vi.waitFor(async () => expect(JSON.stringify(await openSessions())).toContain(text), 10_000)
    controller.abort(new AppError('share.revoked'))
  }
  void watch()
  return controller
}

const endless = 'SELECT COUNT(*) FROM many a, many b, many c WHERE a.word <> b.word'

describe.each(ways)('a query of MySQL, %s', (_way, connect) => {
  it('gives its first 1,000 rows of a million at once, with flat memory', async () => {
    const connection = await connect()
    await runMysql(connection, 'SELECT 1')
    const memoryBefore = process.memoryUsage().rss
    const startedMs = performance.now()
    const result = await runMysql(connection, 'SELECT * FROM many')
    const limited = await runMysql(connection, 'SELECT * FROM many LIMIT 900000')
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect([result.rowCount, result.truncated, result.rows.length]).toEqual([1_000, true, 1_000])
    expect([limited.rowCount, limited.truncated]).toEqual([1_000, true])
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(64 * 1_024 * 1_024)
    await untilIdle()
  })

  it('is not truncated when the rows are exactly as many as fit', async () => {
    const result = await runMysql(await connect(), 'SELECT id FROM many LIMIT 1000')
    expect([result.rowCount, result.truncated]).toEqual([1_000, false])
  })

  it('ends at the cap of bytes', async () => {
    const query = "SELECT id, REPEAT('é', 1000) AS text FROM many"
    const result = await runMysql(await connect(), query, { caps: { bytesMax: 50_000 } })
    expect(result.truncated).toBe(true)
    expect(Buffer.byteLength(JSON.stringify(result.rows))).toBeLessThan(50_000)
    expect(result.rowCount).toBeGreaterThan(20)
    await untilIdle()
  })

  it('does not read one huge cell', async () => {
    await db.admin('SET GLOBAL max_allowed_packet = 1073741824')
    const memoryBefore = process.memoryUsage().rss
    const result = await runMysql(await connect(), "SELECT 1 AS a UNION ALL SELECT REPEAT('x', 200000000)")
    expect([result.rows.length, result.truncated]).toEqual([1, true])
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(96 * 1_024 * 1_024)
    await untilIdle()
  })

  it('is killed on the server when its time is up', async () => {
    const error = new AppError('query.timeout')
    const controller = new AbortController()
    setTimeout(() => controller.abort(error), 300)
    const running = runMysql(await connect(), endless, { signal: controller.signal })
    expect(await errorOf(running)).toBe(error)
    await untilIdle()
  })

  it('is killed on the server when the visitor leaves or the share ends', async () => {
    const { signal } = abortWhenRunning('many a, many b')
    const error = await errorOf(runMysql(await connect(), endless, { signal }))
    expect(error.code).toBe('share.revoked')
    await untilIdle()
  })

  it('is ended by the server where the hub cannot tell it to stop', async () => {
    const connection = await connect()
    let dials = 0
    const once = {
      ...connection,
      dial: (signal: AbortSignal) => {
        dials += 1
        return dials === 1 ? connection.dial(signal) : Promise.reject(new AppError('upstream.refused'))
      },
    }
    const error = await errorOf(runMysql(once, endless, { caps: { timeoutMs: 1_000 } }))
    expect(error.code).toBe('query.timeout')
    await untilIdle()
  })

  it('leaves no write behind when it is cut before its commit', async () => {
    const connection = { ...(await connect()), login: writer }
    const { signal } = abortWhenRunning('UPDATE users')
    const update =
      'UPDATE users SET name = (SELECT MAX(a.word) FROM many a, many b, many c WHERE a.word <> b.word)'
    const error = await errorOf(runMysql(connection, update, { signal, rules: { allowWrites: true } }))
    expect(error.code).toBe('share.revoked')
    await untilIdle()
    expect(await db.admin('SELECT name FROM shop.users WHERE id = 1')).toEqual([{ name: 'Ada' }])
  })

  it('says so when the server ends the session', async () => {
    const connection = await connect()
    const { signal } = abortWhenRunning('many a, many b')
    const ended = new Promise((resolve) => signal.addEventListener('abort', resolve))
    const running = errorOf(runMysql(connection, endless))
    await ended
    for (const { ID: id } of (await openSessions()) as { ID: number }[]) await db.admin(`KILL ${id}`)
    expect((await running).code).toMatch(/^query\.(?:unavailable|failed)$/)
  })

  it('begins nothing after an abort', async () => {
    const reason = new AppError('query.timeout')
    const error = await errorOf(runMysql(await connect(), 'SELECT 1', { signal: AbortSignal.abort(reason) }))
    expect(error).toBe(reason)
    await untilIdle()
  })
})
