import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../src/embedded/index.ts'
import { createDb, migrateDb } from '../src/index.ts'
import { isServerRunning, makeDataDir, readServerPid } from './kit/data-dir.ts'

// Guarantee (TEN-07): nobody but the hub gets at the embedded database: folders 0700, password 0600 and asked for
// even on the socket, no TCP port, never run as root; and a folder that is not so, or not ours, is refused in words.

const log = { info: () => {}, warn: () => {} }

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777
}

it('makes the folders above the data folder as open as any other', async () => {
  const open = await makeDataDir()
  await chmod(open, 0o755)
  const above = join(open, 'one', 'two')
  const postgres = await startEmbeddedPostgres({ dataDir: join(above, 'hub'), log })
  await postgres.stop()
  expect(await modeOf(above)).toBe(0o777 & ~process.umask())
})

it('a new cluster is private, checksummed, without TCP, and leaves nothing running', async () => {
  const dataDir = await makeDataDir()
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  const root = join(dataDir, 'postgres')
  expect(await modeOf(root)).toBe(0o700)
  expect(await modeOf(join(root, 'data'))).toBe(0o700)
  expect(await modeOf(join(root, 'run'))).toBe(0o700)
  expect(await modeOf(join(root, 'password'))).toBe(0o600)
  expect((await modeOf(dataDir)) & 0o007).toBe(0)
  const db = await createDb({ url: postgres.url })
  await migrateDb(db)
  const names = [
    'data_checksums',
    'listen_addresses',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'TimeZone',
  ]
  const { rows } = await db.pool.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
    [names],
  )
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    data_checksums: 'on',
    listen_addresses: '',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    TimeZone: 'UTC',
  })
  const pid = await readServerPid(dataDir)
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0')
  const wrong = new URL(postgres.url)
  wrong.password = 'wrong'
  const stranger = new pg.Client({ connectionString: wrong.href })
  await expect(stranger.connect()).rejects.toThrow('password authentication failed')
  await db.close()
  await postgres.stop()
  await postgres.stop()
  expect(await readdir(join(root, 'run'))).toEqual([])
  const logText = await readFile(join(root, 'server.log'), 'utf8')
  expect(logText).not.toContain(new URL(postgres.url).password)
})

describe('a cluster that was stopped', () => {
  let dataDir = ''
  beforeAll(async () => {
    dataDir = await makeDataDir()
    const postgres = await startEmbeddedPostgres({ dataDir, log })
    await postgres.stop()
  })

  it.each(['', 'data', 'password'])('is refused when others can reach postgres/%s', async (name) => {
    const path = join(dataDir, 'postgres', name)
    const mode = await modeOf(path)
    await chmod(path, 0o755)
    const attempt = startEmbeddedPostgres({ dataDir, log })
    await expect(attempt).rejects.toBeInstanceOf(EmbeddedPostgresError)
    await expect(attempt).rejects.toThrow(
      /Other users of this machine can reach .* \(mode 755\).*chmod -R go=/s,
    )
    await chmod(path, mode)
  })

  it.each([
    ['PG_VERSION', '15\n', /written by PostgreSQL 15.*brings PostgreSQL 18/],
    ['global/pg_control', 'broken', /did not start. Its log is .*server.log and says: .*PANIC/s],
    ['../password', 'another\n', /password in .* is not the one/],
  ])('is refused in words when %s is not its own', async (name, content, sentence) => {
    const path = join(dataDir, 'postgres', 'data', name)
    const original = await readFile(path)
    await writeFile(path, content)
    const message = await startEmbeddedPostgres({ dataDir, log }).catch((error: Error) => error.message)
    await writeFile(path, original)
    expect(message).toMatch(sentence)
    // Nothing is left running by a start that failed.
    expect(await isServerRunning(dataDir)).toBe(false)
  })

  it('starts again when all that is put right', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, log })
    expect(postgres.wasAdopted).toBe(false)
    await postgres.stop()
  })
})

it('a folder that is no cluster is refused', async () => {
  const dataDir = await makeDataDir()
  await mkdir(join(dataDir, 'postgres'), { mode: 0o700 })
  await mkdir(join(dataDir, 'postgres', 'data'), { mode: 0o700 })
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/is not a PostgreSQL data folder/)
})

it('a path too long for a socket gets a short private folder, which goes with the server', async () => {
  const parent = await makeDataDir()
  await chmod(parent, 0o711)
  const dataDir = join(parent, 'a'.repeat(120))
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  const socketDir = new URL(postgres.url).searchParams.get('host') ?? ''
  expect(socketDir.length).toBeLessThan(90)
  expect(await modeOf(socketDir)).toBe(0o700)
  const db = await createDb({ url: postgres.url })
  await db.close()
  await postgres.stop()
  await expect(stat(socketDir)).rejects.toThrow('ENOENT')
})

it('as root, a data folder out of the server’s reach is refused with what to do', async () => {
  const parent = await makeDataDir()
  const dataDir = join(parent, 'hub')
  await mkdir(dataDir, { mode: 0o700 })
  await chmod(parent, 0o700)
  const start = startEmbeddedPostgres({ dataDir, log })
  // An ordinary user's server runs as that user, who reaches the folder.
  const outcome = await start.then(
    async (postgres) => postgres.stop().then(() => 'ran as this user'),
    (error: Error) => error.message,
  )
  expect(outcome).toMatch(process.getuid?.() === 0 ? /cannot enter the data folder/ : /ran as this user/)
})
