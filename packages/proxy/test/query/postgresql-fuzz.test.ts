import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineAsker } from './kit/ask-engine.ts'
import { createAsker } from './kit/ask-postgres.ts'
import { createRandom, mutateSql } from './kit/mutate-sql.ts'
import { fillApp, fingerprint, readCorpus } from './kit/postgres-database.ts'
import { startPostgres, type PostgresServer } from './kit/postgres-server.ts'

// DBQ-12: no mutation of the corpus that a read-only share lets through changes anything, with the login of the owner of
// all tables or of a superuser; and each is answered with a result or an error of the hub's own.
//
// `QUERY_FUZZ_SECONDS=3600` runs longer; `QUERY_FUZZ_SEED` repeats a run.
const seconds = Number(process.env['QUERY_FUZZ_SECONDS'] ?? 15)
const seed = Number(process.env['QUERY_FUZZ_SEED'] ?? Date.now() % 1_000_000_000)
const outcomes = new Set(['ran', 'query.refused', 'query.failed', 'query.timeout', 'query.unavailable'])

/** What a mutation puts in the place of a number, a name or a text. */
const tricks = [
  "nextval('counter')",
  "pg_catalog.setval('counter', 99)",
  'add_ledger(1)',
  'stable_liar(1)',
  'lo_creat(-1)',
  'pg_advisory_lock(1)',
  "set_config('transaction_read_only', 'off', false)",
  "pg_notify('a', 'b')",
  "dblink('dbname=app', 'delete from ledger')",
  "pg_read_file('PG_VERSION')",
  "query_to_xml('delete from ledger', true, true, '')",
  '(WITH x AS (DELETE FROM ledger RETURNING 1) SELECT * FROM x)',
  '(SELECT c.row_writer FROM customers c LIMIT 1)',
  "'ok'::mood @+@ 'sad'::mood",
  '1::written',
  '(SELECT n FROM writing_view)',
  'U&"next\\0076al"(\'counter\')',
  '; DELETE FROM ledger',
  '; COMMIT; DELETE FROM ledger',
  ' FOR UPDATE',
  ' INTO stolen',
  "E'\\'",
  '$$',
  "'\\'",
  'U&',
]

describe('mutated statements', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres('debian-15')
    await fillApp(server, ['dblink', 'lo', 'tablefunc', 'tsm_system_rows'])
  })
  afterAll(() => server.stop())

  /** `ran`, or the code of its error; anything else is a failure of the hub. */
  async function tryQuery(query: string, ask: EngineAsker): Promise<string> {
    try {
      await ask(query, {
        rules: { allowPrivilegedRole: true },
        caps: { rowsMax: 20, timeoutMs: 1_000 },
        signal: AbortSignal.timeout(2_000),
      })
      return 'ran'
    } catch (error) {
      if (error instanceof AppError) return error.code
      return error instanceof DOMException ? 'query.timeout' : `${query}: ${String(error)}`
    }
  }

  it(`change nothing, with seed ${seed}`, { timeout: (seconds + 60) * 1_000 }, async () => {
    const random = createRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const reads = readCorpus('postgresql-reads.sql', 15)
    const corpus = [...reads, ...readCorpus('postgresql-refused.sql')]
    const logins = ['owner', 'admin'].map((username) =>
      createAsker({ port: server.port, username, password: `${username}-password` }),
    )
    const exchange = (statement: string): string => {
      const pieces = statement.match(/\w+|\s+|[^\w\s]/gu) ?? ['']
      return pieces.toSpliced(Math.floor(random() * pieces.length), 1, pick(tricks)).join('')
    }
    const before = await fingerprint(server)
    const counts: Record<string, number> = {}
    const endMs = performance.now() + seconds * 1_000
    while (performance.now() < endMs) {
      const queries = Array.from({ length: 4 }, () =>
        random() < 0.5 ? mutateSql(pick(corpus), [...corpus, ...tricks], random) : exchange(pick(reads)),
      ).map((query) => query.replaceAll('\0', ''))
      for (const outcome of await Promise.all(queries.map((query) => tryQuery(query, pick(logins)))))
        counts[outcome] = (counts[outcome] ?? 0) + 1
    }
    expect(Object.keys(counts).filter((outcome) => !outcomes.has(outcome))).toEqual([])
    expect(counts['ran']).toBeGreaterThan(20)
    expect(await fingerprint(server)).toBe(before)
  })
})
