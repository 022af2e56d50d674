import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AskOptions } from './kit/ask-engine.ts'
import { createAsker } from './kit/ask-postgres.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

const secret = 'hunter2@secret.test'
const rules = { maskedColumns: ['users.email', 'peaks.secret'] }

// `x.name` calls the function `name` with the whole row where x has no such column, masked columns included. That a
// column of one table is called like a function takes nothing back of this for another table, or for a query without it.
describe.each(flavours)('columns called like functions on %s', (flavour) => {
  let server: PostgresServer
  let ask: (query: string, options?: AskOptions) => Promise<{ rows: readonly unknown[] }>
  beforeAll(async () => {
    server = await startPostgres(flavour)
    await server.admin("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
    await server.admin('CREATE DATABASE app')
    await server.admin(
      `CREATE TABLE users (id int, email text); INSERT INTO users VALUES (1, '${secret}');
       CREATE TABLE peaks (id int, secret text, to_json text, max int, min int); INSERT INTO peaks VALUES (1, '${secret}', 'own', 9, 2);
       CREATE TABLE plain (id int, max int); INSERT INTO plain VALUES (1, 3);
       GRANT ALL ON ALL TABLES IN SCHEMA public TO reader`,
      'app',
    )
    const asker = createAsker({ port: server.port })
    ask = (query, options = {}) => asker(query, { ...options, rules: { ...rules, ...options.rules } })
  })
  afterAll(() => server.stop())

  it.each([
    ['SELECT p.to_json, p.max, p.min FROM peaks p', ['own', 9, 2]],
    ['SELECT peaks.max FROM peaks', [9]],
    ['SELECT public.peaks.max FROM public.peaks', [9]],
    ['SELECT a.max, b.min FROM peaks a JOIN peaks b ON a.id = b.id', [9, 2]],
    ['SELECT s.max, s.to_json FROM (SELECT * FROM peaks) s', [9, 'own']],
    ['SELECT p.max, u.email FROM plain p, users u', [3, '***']],
  ])('shows the column: %s', async (query, values) => {
    const { rows } = await ask(query)
    expect(Object.values(rows[0] as object)).toEqual(values)
  })

  it.each([
    'SELECT u.to_json FROM users u, peaks p',
    'SELECT u.max FROM users u, peaks p',
    'SELECT u.min FROM users u WHERE EXISTS (SELECT FROM peaks)',
    'SELECT s.to_json FROM (SELECT id, secret FROM peaks) s',
    'SELECT s.max FROM (SELECT id, secret FROM peaks) s',
    'WITH w AS (SELECT id, secret FROM peaks) SELECT w.to_json FROM w',
    'WITH w AS (SELECT id, secret FROM peaks) SELECT v.to_json FROM w v',
    'WITH peaks AS (SELECT id, secret FROM public.peaks) SELECT peaks.to_json FROM peaks',
    'WITH w AS (INSERT INTO peaks (secret) VALUES ($$x$$) RETURNING secret) SELECT w.to_json FROM w',
    'WITH w AS (UPDATE peaks SET id = 1 RETURNING id, secret) SELECT w.to_json FROM w',
    'SELECT s.max FROM (SELECT u.* FROM users u, peaks p) s',
    'SELECT peaks.to_json FROM (SELECT id, secret FROM peaks) peaks',
    'SELECT j.to_json FROM (users JOIN users b USING (id)) AS j, peaks',
  ])('refuses the whole row: %s', async (query) => {
    const refused = { code: 'query.refused' }
    await expect(ask(query)).rejects.toMatchObject(refused)
    await expect(ask(query, { rules: { allowWrites: true } })).rejects.toMatchObject(refused)
  })
})
