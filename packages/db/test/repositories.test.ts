import { afterAll, beforeAll, describe } from 'vitest'
import { startEmbeddedPostgres } from '../src/embedded/index.ts'
import { createDb, migrateDb, type Db } from '../src/index.ts'
import { createTestDb } from '../src/testing/index.ts'
import { makeDataDir } from './kit/data-dir.ts'
import { describeAnnouncements } from './suites/announcements.ts'
import { describeAccessLogQueries } from './suites/access-log-queries.ts'
import { describeIdentity } from './suites/identity.ts'
import { describeMachines } from './suites/machines.ts'
import { describeRecords } from './suites/records.ts'
import { describeShareChanges } from './suites/share-changes.ts'
import { describeSharing } from './suites/sharing.ts'

// Every repository on the PostgreSQL that the hub brings, and on the oldest that DATABASE_URL may name.

interface OpenDb {
  readonly db: Db
  readonly close: () => Promise<void>
}

const debianBinDir = '/usr/lib/postgresql/15/bin'
// The test command installs Debian's server; without it the second suite fails, it is not left out.
const servers: Record<string, () => Promise<OpenDb>> = {
  'embedded PostgreSQL': createTestDb,
  'PostgreSQL 15': openOnPostgres15,
}

async function openOnPostgres15(): Promise<OpenDb> {
  const dataDir = await makeDataDir()
  const runtime = { binDir: debianBinDir, major: 15 }
  const postgres = await startEmbeddedPostgres({ dataDir, runtime, log: { info: () => {}, warn: () => {} } })
  await migrateDb(postgres)
  const db = await createDb({ url: postgres.url })
  return {
    db,
    async close() {
      await db.close()
      await postgres.stop()
    },
  }
}

describe.each(Object.keys(servers))('repositories on %s', (name) => {
  let open: OpenDb | undefined
  const db = (): Db => {
    if (open === undefined) throw new Error('The database is not open yet.')
    return open.db
  }
  beforeAll(async () => {
    open = await servers[name]?.()
  })
  afterAll(async () => {
    await open?.close()
  })
  describeIdentity(db)
  describeSharing(db)
  describeShareChanges(db)
  describeMachines(db)
  describeRecords(db)
  describeAnnouncements(db)
  describeAccessLogQueries(db)
})
