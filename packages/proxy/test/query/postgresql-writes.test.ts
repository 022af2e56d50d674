import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineAsker } from './kit/ask-engine.ts'
import { createAsker, writing } from './kit/ask-postgres.ts'
import { fillApp } from './kit/postgres-database.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

// A share with writes takes one INSERT, UPDATE or DELETE a query, committed as a whole or not at all; DDL, administration
// and functions with effects stay refused.
describe.each(flavours)('writes on %s', (flavour) => {
  let server: PostgresServer
  let ask: EngineAsker
  beforeAll(async () => {
    server = await startPostgres(flavour)
    await fillApp(server)
    await server.admin(
      `CREATE TABLE late (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED); INSERT INTO late VALUES (1); ALTER TABLE late OWNER TO owner`,
      'app',
    )
    ask = createAsker({ port: server.port, username: 'owner', password: 'owner-password' })
  })
  afterAll(() => server.stop())
  const ledger = () => server.admin('SELECT * FROM ledger ORDER BY id', 'app')

  it('commits one INSERT, UPDATE or DELETE, and tells how many rows it changed', async () => {
    expect(
      await ask('INSERT INTO ledger VALUES ($1, 5), (3, $2) RETURNING id, amount * 2 AS twice', {
        rules: writing,
        params: [2, '7'],
      }),
    ).toEqual({
      columns: ['id', 'twice'],
      rows: [
        { id: 2, twice: 10 },
        { id: 3, twice: 14 },
      ],
      rowCount: 2,
      truncated: false,
    })
    expect(await ask('UPDATE ledger SET amount = amount + 1', { rules: writing })).toEqual({
      columns: [],
      rows: [],
      rowCount: 3,
      truncated: false,
    })
    expect(await ledger()).toEqual([
      { id: 1, amount: 11 },
      { id: 2, amount: 6 },
      { id: 3, amount: 8 },
    ])
    expect(
      await ask('WITH gone AS (SELECT 2 AS id) DELETE FROM ledger USING gone WHERE ledger.id >= gone.id', {
        rules: writing,
      }),
    ).toMatchObject({ rowCount: 2 })
    expect(await ledger()).toEqual([{ id: 1, amount: 11 }])
    expect(
      await ask("INSERT INTO customers (name) VALUES ('by default') RETURNING id", { rules: writing }),
    ).toMatchObject({ rowCount: 1 })
  })

  it('commits all of a write whose RETURNING is longer than a result', async () => {
    const result = await ask('UPDATE tenk1 SET ten = ten RETURNING unique1', {
      rules: writing,
      caps: { rowsMax: 10 },
    })
    expect(result).toMatchObject({ truncated: true })
    expect(result.rows).toHaveLength(10)
  })

  it.each([
    ["UPDATE ledger SET amount = 99 RETURNING repeat('x', 6000000)", 'query.refused'],
    ['INSERT INTO ledger SELECT g, 1 / (g - 900) FROM generate_series(800, 1000) g', 'query.failed'],
    ['INSERT INTO late VALUES (1)', 'query.failed'],
    ['UPDATE ledger SET amount = (SELECT count(*) FROM generate_series(1, 10000000000))', 'query.timeout'],
  ])('writes nothing of %s', async (query, code) => {
    const before = [await ledger(), await server.admin('SELECT * FROM late', 'app')]
    await expect(ask(query, { rules: writing, caps: { timeoutMs: 1_000 } })).rejects.toMatchObject({ code })
    expect([await ledger(), await server.admin('SELECT * FROM late', 'app')]).toEqual(before)
  })

  it('writes nothing when the visitor leaves', async () => {
    const before = await ledger()
    const controller = new AbortController()
    const asking = ask('UPDATE ledger SET amount = (SELECT count(*) FROM generate_series(1, 10000000000))', {
      rules: writing,
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(new AppError('share.inactive')), 200)
    await expect(asking).rejects.toMatchObject({ code: 'share.inactive' })
    expect(await ledger()).toEqual(before)
  })

  it.each([
    'INSERT INTO ledger VALUES (5, add_ledger(1))',
    "UPDATE ledger SET amount = nextval('counter')",
    'DELETE FROM ledger WHERE as_owner(id) = 1',
    'UPDATE ledger SET amount = 1::written',
    "UPDATE pg_settings SET setting = '0' WHERE name = 'statement_timeout'",
    'DELETE FROM pg_catalog.pg_class',
    "UPDATE pg_catalog.pg_settings SET setting = 'off'",
    'TRUNCATE ledger',
    'DROP TABLE ledger',
    'INSERT INTO ledger VALUES (5, 5); DELETE FROM ledger',
  ])('refuses %s', async (query) => {
    const before = await ledger()
    await expect(ask(query, { rules: writing })).rejects.toMatchObject({ code: 'query.refused' })
    expect(await ledger()).toEqual(before)
  })
})
