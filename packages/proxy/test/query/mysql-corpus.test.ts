import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../../src/query/mysql/mysql-engine.ts'
import { readOnly } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { readCorpus } from './kit/mysql-corpus.ts'
import { connectionTo, errorOf, fillShop, fingerprint, runMysql, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: what people ask of MariaDB works through a share that only reads; whatever writes, locks, waits, reads
 * files, keeps state or administers is refused before anything is sent; and the whole database is the same afterwards.
 */
let db: MariaDb
let before: string

beforeAll(async () => {
  db = await startMariaDb(['--secure-file-priv='])
  await fillShop(db)
  before = await fingerprint(db)
})
afterAll(() => db.stop())

const reads = readCorpus('mysql-reads')
const refused = ['mysql-refused', 'mysql-crashes'].flatMap((name) => readCorpus(name))

describe('the corpus of MySQL statements', () => {
  it('has at least 300 statements', () => {
    expect(reads.length + refused.length).toBeGreaterThanOrEqual(300)
  })

  it('answers the queries that read', async () => {
    const failures: string[] = []
    for (const query of reads) {
      await runMysql(connectionTo(db.port), query).catch((error: Error & { publicMessage?: string }) => {
        failures.push(`${query} → ${error.publicMessage ?? error.message}`)
      })
    }
    expect(failures).toEqual([])
    expect(await fingerprint(db)).toBe(before)
  })

  it('refuses everything else without dialling', async () => {
    const outcomes = await Promise.all(refused.map((query) => outcomeOf(query)))
    expect(outcomes.filter((outcome) => !/^query\.refused .*\w[.?]$/s.test(outcome))).toEqual([])
  })

  it('writes where the share lets visitors write, one statement of one table, and commits it', async () => {
    const connection = connectionTo(db.port, { login: writer })
    for (const query of readCorpus('mysql-writes')) {
      await runMysql(connection, query, { rules: { allowWrites: true } }).catch((error: Error) => {
        throw new Error(query, { cause: error })
      })
    }
    expect(await db.admin('SELECT * FROM shop.t3')).toEqual([])
    await db.admin('INSERT INTO shop.t3 VALUES (1, "x")')
    expect(await fingerprint(db)).toBe(before)
  })

  it('refuses all other writes there, too', async () => {
    const connection = connectionTo(db.port, { login: writer })
    const passed: string[] = []
    for (const query of readCorpus('mysql-refused-writes')) {
      const error = await errorOf(runMysql(connection, query, { rules: { allowWrites: true } }))
      if (error.code !== 'query.refused') passed.push(query)
    }
    expect(passed).toEqual([])
    expect(await fingerprint(db)).toBe(before)
  })
})

/** The code and the sentence of a refusal; the query itself where there is none. */
async function outcomeOf(query: string): Promise<string> {
  try {
    await mysqlEngine.check({ query, params: [] }, readOnly)
    return query
  } catch (error) {
    return error instanceof AppError ? `${error.code} ${error.publicMessage}` : `${query}: ${String(error)}`
  }
}
