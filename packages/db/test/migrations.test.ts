import { cp, mkdir, mkdtemp, rm, writeFile, appendFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest'
import { createDb, migrateDb, MigrationError, type Db } from '../src/index.ts'
import { runSql, withDatabase } from '../src/testing/test-database.ts'

// Guarantee: at every start the database ends up with exactly the migrations of this version, each whole or not
// at all; a database that someone else has changed is refused with a sentence and left as it is.

const source = new URL('../prisma/migrations', import.meta.url)
const committed = readdirSync(source)
  .filter((name) => /^\d+_/.test(name))
  .sort()
const [first = ''] = committed
let folderPath: string
let folder: URL
let db: Db

beforeEach(async () => {
  folderPath = await mkdtemp(join(tmpdir(), 'pc-migrations-'))
  await cp(source, folderPath, { recursive: true })
  folder = pathToFileURL(`${folderPath}/`)
  const name = `migrations_${process.hrtime.bigint()}`
  await runSql(inject('testDbServerUrl'), `CREATE DATABASE ${name}`)
  db = await createDb({ url: withDatabase(inject('testDbServerUrl'), name) })
})

afterEach(async () => {
  await db.close()
  await rm(folderPath, { recursive: true })
})

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folderPath, name))
  await writeFile(join(folderPath, name, 'migration.sql'), sql)
}

async function appliedNames(): Promise<string[]> {
  const { rows } = await db.pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations ORDER BY started_at',
  )
  return rows.map((row) => row.migration_name)
}

it('applies all to an empty database, nothing the second time, only the new one later', async () => {
  expect(await migrateDb(db, { folder })).toEqual(committed)
  expect(await migrateDb(db, { folder })).toEqual([])
  await addMigration('20270101000000_later', 'CREATE TABLE later (id int)')
  expect(await migrateDb(db, { folder })).toEqual(['20270101000000_later'])
  expect(await appliedNames()).toEqual([...committed, '20270101000000_later'])
})

it('five nodes that start at once apply each migration once', async () => {
  const results = await Promise.all(Array.from({ length: 5 }, () => migrateDb(db, { folder })))
  expect(results.flat()).toEqual(committed)
  expect(await appliedNames()).toEqual(committed)
})

it('a failing migration is undone whole, those before it stay, and it can be corrected', async () => {
  await addMigration('20270101000000_good', 'CREATE TABLE good (id int)')
  await addMigration('20270102000000_bad', 'CREATE TABLE half (id int); SELECT 1/0')
  await expect(migrateDb(db, { folder })).rejects.toThrow(
    /20270102000000_bad failed and was undone: division/,
  )
  expect(await appliedNames()).toEqual([...committed, '20270101000000_good'])
  const { rows } = await db.pool.query("SELECT to_regclass('half') AS half, to_regclass('good') AS good")
  expect(rows[0]).toEqual({ half: null, good: 'good' })
  await writeFile(join(folderPath, '20270102000000_bad', 'migration.sql'), 'CREATE TABLE half (id int)')
  expect(await migrateDb(db, { folder })).toEqual(['20270102000000_bad'])
})

it('a migration and its row are one: without the row the migration is undone too', async () => {
  await migrateDb(db, { folder })
  await addMigration('20270101000000_rowless', 'CREATE TABLE rowless (id int); DROP TABLE _prisma_migrations')
  await expect(migrateDb(db, { folder })).rejects.toThrow(/rowless failed and was undone/)
  const { rows } = await db.pool.query("SELECT to_regclass('rowless') AS rowless")
  expect(rows[0]).toEqual({ rowless: null })
  expect(await appliedNames()).toEqual(committed)
})

it.each([0, 1, 2, 3])(
  'fails at its statement %i and leaves the schema of the version before (OPS-05)',
  async (at) => {
    await migrateDb(db, { folder })
    const schemaOf = async () =>
      (await db.pool.query(`SELECT table_name, column_name FROM information_schema.columns ORDER BY 1, 2`))
        .rows
    const before = await schemaOf()
    const statements = [
      'CREATE TABLE step (id int)',
      'ALTER TABLE shares ADD COLUMN step int',
      'CREATE INDEX step_index ON shares (step)',
    ]
    await addMigration('20270101000000_broken', statements.toSpliced(at, 0, 'SELECT 1/0').join(';'))
    await expect(migrateDb(db, { folder })).rejects.toThrow(/broken failed and was undone/)
    expect(await schemaOf()).toEqual(before)
    // The version before starts on it as if nothing had been.
    expect(await migrateDb(db)).toEqual([])
  },
)

it('goes on when the node that held the lock was killed (OPS-07)', async () => {
  const holder = await db.pool.connect()
  await holder.query('SELECT pg_advisory_lock(72707369)')
  const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const attempt = migrateDb(db, { folder })
  await vi.waitFor(
    async () => {
      const waiting = await db.pool.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      )
      expect(waiting.rowCount).toBe(1)
    },
    { timeout: 10_000 },
  )
  holder.on('error', () => {})
  await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  expect(await attempt).toEqual(committed)
  holder.release(true)
})

it('refuses an edited file', async () => {
  await migrateDb(db, { folder })
  await appendFile(join(folderPath, first, 'migration.sql'), '-- one more comment\n')
  const attempt = migrateDb(db, { folder })
  await expect(attempt).rejects.toBeInstanceOf(MigrationError)
  await expect(attempt).rejects.toThrow(`The file of the migration ${first} was edited`)
})

it('refuses a database that a newer version has migrated', async () => {
  await addMigration('20270101000000_newer', 'CREATE TABLE newer (id int)')
  await migrateDb(db, { folder })
  await expect(migrateDb(db)).rejects.toThrow(
    /20270101000000_newer, which this version of the hub does not know/,
  )
})

it('refuses a migration that Prisma began and did not finish, until it is marked as rolled back', async () => {
  await migrateDb(db, { folder })
  await db.pool.query("UPDATE _prisma_migrations SET finished_at = NULL, logs = 'boom'")
  await expect(migrateDb(db, { folder })).rejects.toThrow(/was begun and did not finish/)
})

it('gives up with a sentence when another holds the lock for too long', async () => {
  const holder = await db.pool.connect()
  await holder.query('SELECT pg_advisory_lock(72707369)')
  const attempt = migrateDb(db, { folder, lockTimeoutMs: 200 })
  await expect(attempt).rejects.toMatchObject({ code: 'hub.store_unavailable' })
  holder.release(true)
})
