import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultQueryCaps } from '../../src/query/index.ts'
import { mysqlEngine } from '../../src/query/mysql/mysql-engine.ts'
import { readOnly } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { readCorpus } from './kit/mysql-corpus.ts'
import { connectionTo, fillShop, fingerprint, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: even if the hub's own reading of a statement let everything pass, a read changes nothing: the server takes
 * one statement, says before it runs whether it yields columns, and its session is READ ONLY for DDL as well. Shown
 * with a login that may do everything to its database.
 */
let db: MariaDb
let before: string

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  before = await fingerprint(db)
})
afterAll(() => db.stop())

/** As `execute` would get it from a check that refuses nothing. */
async function runUnchecked(query: string): Promise<string> {
  const request = { query, params: [] }
  const harmless = await mysqlEngine.check({ query: 'SELECT 1', params: [] }, readOnly)
  const checked = { ...harmless, sql: query }
  const options = {
    connection: connectionTo(db.port, { login: writer }),
    request,
    rules: readOnly,
    caps: { ...defaultQueryCaps, timeoutMs: 1_000 },
    signal: AbortSignal.timeout(300),
  }
  try {
    await mysqlEngine.execute(checked, options)
    return 'ran'
  } catch (error) {
    return error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown'
  }
}

describe('statements that the hub would have refused', () => {
  it('change nothing when they are sent', async () => {
    const outcomes = new Map<string, number>()
    const statements = [...readCorpus('mysql-refused'), ...readCorpus('mysql-writes')]
    for (const query of statements) {
      const outcome = await runUnchecked(query)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    expect(await fingerprint(db)).toBe(before)
    // They reached the server, and it was the server or its answer that stopped them.
    expect(outcomes.get('query.failed')).toBeGreaterThan(150)
  })

  it.each(['DROP TABLE users', 'TRUNCATE users', 'ALTER TABLE users ADD x INT', 'DELETE FROM users'])(
    'is refused by its kind or by the session: %s',
    async (query) => {
      expect(await runUnchecked(query)).toMatch(/^query\.(?:refused|failed)$/)
      expect(await fingerprint(db)).toBe(before)
    },
  )

  it.each(['SELECT take_note()', 'SELECT NEXTVAL(numbers)'])(
    'is refused by the session: %s',
    async (query) => {
      expect(await runUnchecked(query)).toBe('query.failed')
      expect(await fingerprint(db)).toBe(before)
    },
  )
})
