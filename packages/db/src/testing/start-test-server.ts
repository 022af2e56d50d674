import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../embedded/index.ts'
import { migrateDb } from '../migrate-db.ts'
import { startWatchdog } from './start-watchdog.ts'
import { runSql, templateName, withDatabase } from './test-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testDbServerUrl: string
  }
}

/**
 * One real PostgreSQL for all test files of a vitest project, with a migrated template. Use it as a global setup:
 * a file with `export { startTestServer as default } from '@private-connect/db/testing'`, named in the package's
 * vitest.config.ts. It ends with vitest, also when vitest is killed.
 */
export async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(await realpath(tmpdir()), 'pc-test-db-'))
  const watchdog = startWatchdog(dataDir)
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => {}, warn: () => {} },
    // Nobody misses a test's data after a power cut.
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' },
  })
  await runSql(postgres.url, `CREATE DATABASE ${templateName}`)
  await migrateDb({ url: withDatabase(postgres.url, templateName) })
  await runSql(postgres.url, `ALTER DATABASE ${templateName} IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  project.provide('testDbServerUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
    watchdog.kill()
  }
}
