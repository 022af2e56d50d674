import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultQueryCaps } from '../../src/query/index.ts'
import { mysqlEngine } from '../../src/query/mysql/mysql-engine.ts'
import { readOnly } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { readCorpus } from './kit/mysql-corpus.ts'
import { connectionTo, fillShop, fingerprint, writer } from './kit/mysql-database.ts'
import { createRandom, mutateSql } from './kit/mutate-sql.ts'

/**
 * Guarantee: no mutation of reads, writes and tricks that the hub lets through changes anything, with a login that may
 * do everything to its database; and the hub answers each with a result or an error of its own.
 *
 * `QUERY_FUZZ_SECONDS=3600` runs longer; `QUERY_FUZZ_SEED` repeats a run.
 */
const seconds = Number(process.env.QUERY_FUZZ_SECONDS ?? 12)
const seed = Number(process.env.QUERY_FUZZ_SEED ?? Date.now() % 1_000_000_000)

let db: MariaDb
let before: string

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  before = await fingerprint(db)
})
afterAll(() => db.stop())

/** `refused` before it was sent, `failed` by the database, `ran`; anything else is a failure of the hub. */
async function tryQuery(query: string): Promise<string> {
  const request = { query, params: [] }
  try {
    const checked = await mysqlEngine.check(request, readOnly)
    const connection = connectionTo(db.port, { login: writer })
    const caps = { ...defaultQueryCaps, rowsMax: 20, timeoutMs: 1_000 }
    const signal = AbortSignal.timeout(1_000)
    await mysqlEngine.execute(checked, { connection, request, rules: readOnly, caps, signal })
    return 'ran'
  } catch (error) {
    if (error instanceof AppError) return error.code
    return error instanceof DOMException ? 'query.timeout' : `${query}: ${String(error)}`
  }
}

describe('mutated statements', () => {
  it(`change nothing, with seed ${seed}`, { timeout: (seconds + 60) * 1_000 }, async () => {
    const random = createRandom(seed)
    const corpus = ['mysql-reads', 'mysql-refused', 'mysql-writes', 'mysql-refused-writes'].flatMap((name) =>
      readCorpus(name),
    )
    const known = new Set(['query.refused', 'query.failed', 'query.timeout', 'query.unavailable'])
    const counts: Record<string, number> = {}
    const suspects: string[] = []
    const endMs = performance.now() + seconds * 1_000
    while (performance.now() < endMs) {
      const statement = corpus[Math.floor(random() * corpus.length)]!
      const query = mutateSql(statement, corpus, random)
      const outcome = await tryQuery(query)
      if (outcome.includes('ECONNREFUSED'))
        throw new Error(`The server died, maybe by ${suspects.join('\n')}`)
      // Sessions that broke: of anything else they do not.
      if (outcome === 'query.unavailable') suspects.push(query)
      counts[outcome] = (counts[outcome] ?? 0) + 1
    }
    expect(Object.keys(counts).filter((outcome) => outcome !== 'ran' && !known.has(outcome))).toEqual([])
    expect(counts.ran).toBeGreaterThan(20)
    expect(await fingerprint(db)).toBe(before)
  })
})
