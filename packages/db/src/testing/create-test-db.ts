import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { createDb, type Db } from '../create-db.ts'
import { runSql, templateName, withDatabase } from './test-database.ts'

export interface TestDb {
  readonly db: Db
  readonly url: string
  /** Closes the pool and drops the database, whoever else is connected. */
  readonly close: () => Promise<void>
}

/** A fresh, migrated, empty database on the server that startTestServer runs; takes about 30 ms. */
export async function createTestDb(): Promise<TestDb> {
  const serverUrl = inject('testDbServerUrl') as string | undefined
  if (serverUrl === undefined) {
    throw new Error('No test server: name startTestServer as globalSetup in this package’s vitest.config.ts.')
  }
  const name = `test_${randomBytes(6).toString('hex')}`
  await runSql(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${templateName}`)
  const url = withDatabase(serverUrl, name)
  const db = await createDb({ url })
  return {
    db,
    url,
    async close() {
      await db.close()
      await runSql(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}
