import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cleanUp, startHub, startRigAgent, untilConnected } from '../tunnel/kit/tunnel-rig.ts'
import type { EngineAsker } from './kit/ask-engine.ts'
import { createAsker } from './kit/ask-postgres.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

// DBQ-05 to DBQ-07, PG-07, PG-11, PG-14 to PG-16, directly and through an agent's tunnel: caps are enforced while rows
// arrive, what is stopped is stopped on the server too, nothing of a query is left for the next one, and nothing of all this
// needs memory.
describe.each(flavours)('queries on %s', (flavour) => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres(flavour)
    await server.admin("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
    await server.admin('CREATE DATABASE app')
    await server.admin(
      `CREATE TABLE big AS SELECT g AS id, md5(g::text) AS text FROM generate_series(1, 300000) g; GRANT SELECT ON big TO reader;
       CREATE TABLE huge (id int, cell text); ALTER TABLE huge ALTER cell SET STORAGE EXTERNAL; GRANT SELECT ON huge TO reader;
       INSERT INTO huge SELECT g, CASE WHEN g = 3 THEN repeat('x', 200000000) ELSE 'small' END FROM generate_series(1, 5) g;
       CREATE FUNCTION chatty() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN FOR i IN 1..20000 LOOP RAISE INFO ''noise %'', i; RAISE NOTICE ''more''; END LOOP; RETURN 1; END';
       CREATE FUNCTION loud() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RAISE EXCEPTION ''%'', repeat(''x'', 50000000); END'`,
      'app',
    )
  })
  afterAll(() => server.stop())

  async function untilIdle(): Promise<void> {
    await vi.waitFor(
      async () => {
        const rows = await server.admin("SELECT state, query FROM pg_stat_activity WHERE usename = 'reader'")
        expect(rows).toEqual([])
      },
      { timeout: 5_000, interval: 20 },
    )
  }

  describe.each(['directly', 'through a tunnel'])('%s', (way) => {
    let ask: EngineAsker
    beforeAll(async () => {
      if (way === 'directly') ask = createAsker({ port: server.port })
      else {
        const hub = await startHub()
        await untilConnected(startRigAgent(hub.url, { svc_db: server.port }))
        ask = createAsker({ port: server.port, dial: () => hub.dial('svc_db', 'query') })
      }
    })
    afterAll(() => cleanUp())

    it('gives the first thousand rows of many at once, and leaves the server idle', async () => {
      await ask('SELECT 1')
      const startedMs = performance.now()
      const result = await ask('SELECT * FROM big')
      expect(performance.now() - startedMs).toBeLessThan(10_000)
      expect(result).toMatchObject({ rowCount: 1_000, truncated: true, columns: ['id', 'text'] })
      expect(result.rows.at(-1)).toEqual({ id: 1_000, text: expect.any(String) })
      await untilIdle()
    })

    it('does not call a result truncated that has just as many rows as it may have', async () => {
      const result = await ask('SELECT * FROM big LIMIT 1000')
      expect(result).toMatchObject({ rowCount: 1_000, truncated: false })
    })

    it('stops at the bytes that a result may have', async () => {
      const result = await ask("SELECT g, repeat('x', 100000) AS x FROM generate_series(1, 100000) g")
      expect(result.truncated).toBe(true)
      expect(result.rowCount).toBeGreaterThan(40)
      expect(Buffer.byteLength(JSON.stringify(result.rows))).toBeLessThanOrEqual(5 * 1_024 * 1_024)
      await untilIdle()
    })

    it('never takes a cell of 200 MB into memory (DBQ-05)', async () => {
      const before = process.memoryUsage().rss
      let peak = before
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)
      const result = await ask('SELECT * FROM huge ORDER BY id')
      expect(result).toMatchObject({ truncated: true, rowCount: 2 })
      await expect(ask('SELECT cell FROM huge WHERE id = 3')).rejects.toMatchObject({ code: 'query.refused' })
      await expect(ask('SELECT loud()')).rejects.toMatchObject({ row: { status: 400 } })
      clearInterval(watch)
      expect(peak - before).toBeLessThan(50 * 1_024 * 1_024)
      await untilIdle()
    })

    it.each([
      'SELECT count(*) FROM generate_series(1, 1000000000000)',
      'SELECT count(*) FROM big a, big b, big c',
      'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
    ])('cancels on the server when the time is up, and when the visitor leaves: %s', async (query) => {
      await expect(ask(query, { caps: { timeoutMs: 400 } })).rejects.toMatchObject({ code: 'query.timeout' })
      await untilIdle()
      const controller = new AbortController()
      const gone = new AppError('share.inactive')
      const asking = ask(query, { signal: controller.signal })
      await vi.waitFor(async () => {
        const rows = await server.admin(
          "SELECT 1 FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active' AND query LIKE '%count(*)%'",
        )
        expect(rows).not.toEqual([])
      }, 5_000)
      const leftMs = performance.now()
      controller.abort(gone)
      await expect(asking).rejects.toBe(gone)
      await untilIdle()
      expect(performance.now() - leftMs).toBeLessThan(5_000)
    })

    it('does not dial for a visitor who has left', async () => {
      const gone = new AppError('share.inactive')
      await expect(ask('SELECT 1', { signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
      await untilIdle()
    })

    it('leaves out what the server says beside the result (PG-16)', async () => {
      expect((await ask('SELECT chatty() AS n')).rows).toEqual([{ n: 1 }])
    })

    it('cuts repeat(1e9) off, or runs out of time over it (PG-14)', async () => {
      const asking = ask("SELECT repeat('x', 1000000000)", { caps: { timeoutMs: 2_000 } })
      await expect(asking).rejects.toMatchObject({
        code: expect.stringMatching(/^query\.(refused|timeout)$/),
      })
      await untilIdle()
    })

    it('gives every query a session of its own (DBQ-07)', async () => {
      const pid = async (): Promise<unknown> => (await ask('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid']
      expect(await pid()).not.toBe(await pid())
      const { rows } = await ask(
        "SELECT current_setting('transaction_read_only') AS ro, current_setting('statement_timeout') AS timeout, (SELECT count(*) FROM pg_prepared_statements) AS prepared, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks",
      )
      expect(rows).toEqual([{ ro: 'on', timeout: '15s', prepared: '0', locks: '0' }])
    })

    it('answers 502 when the server goes away in the middle, and the next query works (PG-15)', async () => {
      const asking = ask('SELECT count(*) FROM generate_series(1, 1000000000000)')
      const outcome = asking.catch((error: AppError) => error)
      await vi.waitFor(async () => {
        const [row] = await server.admin(
          "SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE usename = 'reader' AND query LIKE 'SELECT count(*) FROM generate_series%'",
        )
        expect(row).toEqual({ done: true })
      }, 5_000)
      expect(await outcome).toMatchObject({ code: 'query.unavailable', row: { status: 502 } })
      expect((await ask('SELECT 1 AS a')).rows).toEqual([{ a: 1 }])
    })
  })

  it('answers 502 while the server restarts, and works again afterwards (PG-15)', async () => {
    const ask = createAsker({ port: server.port })
    const asking = ask('SELECT count(*) FROM generate_series(1, 1000000000000)').catch(
      (error: AppError) => error,
    )
    await vi.waitFor(async () => {
      expect(
        await server.admin("SELECT 1 FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'"),
      ).not.toEqual([])
    }, 5_000)
    await server.restart()
    expect(await asking).toMatchObject({ code: 'query.unavailable' })
    expect((await ask('SELECT 1 AS a')).rows).toEqual([{ a: 1 }])
  })
})
