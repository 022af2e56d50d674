import { readFile, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { startEmbeddedPostgres } from '../src/embedded/index.ts'
import { createDb, findUserByEmail } from '../src/index.ts'
import { killServer, makeDataDir, readServerPid } from './kit/data-dir.ts'
import { startHubProcess } from './kit/hub-process.ts'

// Guarantee: however the server ended, the hub has it back by itself, under the same url, with all that was
// acknowledged; nothing needs to be deleted by hand.

const log = { info: () => {}, warn: () => {} }

it('a server killed under a running hub is started again, and the same pool works on', async () => {
  const dataDir = await makeDataDir()
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  const db = await createDb({ url: postgres.url })
  await db.pool.query('CREATE TABLE kept AS SELECT 1 AS one')
  const before = await readServerPid(dataDir)
  await killServer(before)
  await expect(findUserByEmail(db, 'a@example.com')).rejects.toMatchObject({ code: 'hub.store_unavailable' })
  await vi.waitFor(async () => {
    const { rows } = await db.pool.query('SELECT one FROM kept')
    expect(rows).toEqual([{ one: 1 }])
  }, 20_000)
  expect(await readServerPid(dataDir)).not.toBe(before)
  await db.close()
  await postgres.stop()
})

it('starts after hub and server were both killed, also when the server’s id is someone else’s by now', async () => {
  const dataDir = await makeDataDir()
  const hub = startHubProcess(dataDir, 'idle')
  await hub.waitForLine('ready')
  const pid = await readServerPid(dataDir)
  await Promise.all([hub.kill(), killServer(pid)])
  // In a container ids start from 1 each time: the one in the file then belongs to any process, such as this.
  const { uid, gid } = await serverUser()
  const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' })
  const lockFile = join(dataDir, 'postgres', 'data', 'postmaster.pid')
  const text = await readFile(lockFile, 'utf8')
  await writeFile(lockFile, text.replace(String(pid), String(stranger.pid)))
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  expect(postgres.wasAdopted).toBe(false)
  await postgres.stop()
  expect(stranger.exitCode).toBeNull()
  stranger.kill()
})

it('a start during crash recovery waits for its end', async () => {
  const dataDir = await makeDataDir()
  const first = startHubProcess(dataDir, 'write')
  await first.waitForLine('share')
  const pid = await readServerPid(dataDir)
  await Promise.all([first.kill(), killServer(pid)])
  // Starts the server and is killed while that recovers; the next start meets it in whatever state it is.
  const second = startHubProcess(dataDir, 'idle')
  await vi.waitFor(async () => expect(await readServerPid(dataDir)).not.toBe(pid), {
    timeout: 20_000,
    interval: 1,
  })
  await second.kill()
  const third = await startEmbeddedPostgres({ dataDir, log })
  expect(third.url).toContain('postgresql://')
  await third.stop()
})

async function serverUser(): Promise<{ uid: number; gid: number }> {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()]
  if (uid !== 0) return { uid, gid }
  const passwd = await readFile('/etc/passwd', 'utf8')
  const [, , postgresUid, postgresGid] = /^postgres:.*$/m.exec(passwd)?.[0].split(':') ?? []
  return { uid: Number(postgresUid), gid: Number(postgresGid) }
}
