import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { toConnectionConfig, type Db } from './create-db.ts'
import { toDbError } from './db-error.ts'

export interface MigrateOptions {
  /** A folder of Prisma migrations. Default: this package's own. */
  readonly folder?: URL
  readonly lockTimeoutMs?: number
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

interface AppliedRow {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
}

/** The database cannot be migrated by this version of the hub; the message says why and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

const ownFolder = new URL('../prisma/migrations/', import.meta.url)

/**
 * Applies what is missing, in order, each file and its row of `_prisma_migrations` in one transaction. Nodes
 * that start together wait for each other on Prisma's own advisory lock, so `prisma migrate deploy` may run too.
 * Returns the names that it applied; throws MigrationError for a failed, edited or unknown migration.
 */
export async function migrateDb(db: Pick<Db, 'url'>, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.folder ?? ownFolder)
  // A connection of its own: migrations may take longer than the pool's statements may.
  const client = new pg.Client(
    toConnectionConfig({
      url: db.url,
      statementTimeoutMs: 0,
      lockTimeoutMs: options.lockTimeoutMs ?? 30_000,
    }),
  )
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock(72707369)')
    return await applyMissing(client, migrations)
  } catch (error) {
    throw error instanceof MigrationError ? error : toDbError(error)
  } finally {
    await client.end()
  }
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`)
  const { rows } = await client.query<AppliedRow>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  for (const row of rows) checkApplied(row, migrations)
  const applied = new Set(rows.map((row) => row.migration_name))
  const missing = migrations.filter((migration) => !applied.has(migration.name))
  for (const migration of missing) await applyMigration(client, migration)
  return missing.map((migration) => migration.name)
}

function checkApplied(row: AppliedRow, migrations: readonly Migration[]): void {
  const migration = migrations.find((candidate) => candidate.name === row.migration_name)
  if (migration === undefined) {
    throw new MigrationError(
      `The database has the migration ${row.migration_name}, which this version of the hub does not know. ` +
        'A newer hub has used it: start that version, or restore a backup from before.',
    )
  }
  if (row.finished_at === null) {
    throw new MigrationError(
      `The migration ${row.migration_name} was begun and did not finish. Repair the database, then mark it ` +
        'with "prisma migrate resolve", or restore a backup.',
    )
  }
  if (row.checksum !== migration.checksum) {
    throw new MigrationError(
      `The file of the migration ${row.migration_name} was edited after the database had applied it. ` +
        'Restore the file and put the change into a new migration.',
    )
  }
}

async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    const reason = error instanceof Error ? error.message : String(error)
    throw new MigrationError(`The migration ${migration.name} failed and was undone: ${reason}`, {
      cause: error,
    })
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(new URL(`${name}/migration.sql`, folder))
      const checksum = createHash('sha256').update(bytes).digest('hex')
      return { name, sql: bytes.toString('utf8'), checksum }
    }),
  )
}
