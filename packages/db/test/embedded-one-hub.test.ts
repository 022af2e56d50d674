import { expect, it, vi } from 'vitest'
import { startEmbeddedPostgres } from '../src/embedded/index.ts'
import { createDb } from '../src/index.ts'
import { makeDataDir, readServerPid } from './kit/data-dir.ts'
import { startHubProcess } from './kit/hub-process.ts'

// Guarantee (REL-20): on one data folder one hub runs. Another is refused in words and harms nothing; when the
// first was killed, the next one adopts the server that it left.

const log = { info: () => {}, warn: () => {} }

it('a second hub is refused in words, and the first goes on', async () => {
  const dataDir = await makeDataDir()
  const first = await startEmbeddedPostgres({ dataDir, log })
  const second = startHubProcess(dataDir, 'idle')
  expect(await second.waitForLine('refused')).toBe(
    `refused Another hub is running on the database in ${dataDir}/postgres. Stop it first, or give this one a DATA_DIR of its own.`,
  )
  await second.end()
  const db = await createDb({ url: first.url })
  await db.close()
  await first.stop()
})

it('of three that start at once on an empty folder one runs and two are refused', async () => {
  const dataDir = await makeDataDir()
  const hubs = [1, 2, 3].map(() => startHubProcess(dataDir, 'idle'))
  await vi.waitFor(() => {
    const lines = hubs.flatMap((hub) => hub.lines)
    expect(lines.filter((line) => line.startsWith('ready'))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('refused Another hub'))).toHaveLength(2)
  }, 30_000)
  await Promise.all(hubs.map((hub) => hub.end()))
  await expect(readServerPid(dataDir)).rejects.toThrow('ENOENT')
})

it('a killed hub leaves its server running, and the next hub adopts it', async () => {
  const dataDir = await makeDataDir()
  const killed = startHubProcess(dataDir, 'idle')
  expect(await killed.waitForLine('ready')).toBe('ready false')
  const pid = await readServerPid(dataDir)
  await killed.kill()
  const next = await startEmbeddedPostgres({ dataDir, log })
  expect(next.wasAdopted).toBe(true)
  expect(await readServerPid(dataDir)).toBe(pid)
  await next.stop()
  await expect(readServerPid(dataDir)).rejects.toThrow('ENOENT')
})

it('a lock that was cut is taken again; if another hub was faster, this one is told to end', async () => {
  const dataDir = await makeDataDir()
  let lost: Error | undefined
  const warn = vi.fn<(message: string) => void>()
  const hub = await startEmbeddedPostgres({
    dataDir,
    log: { ...log, warn },
    onLost: (error) => {
      lost = error
    },
  })
  const db = await createDb({ url: hub.url })
  const lockHolders = 'SELECT pid FROM pg_locks WHERE locktype = $1 AND objid = 7300001'
  const holder = async () => {
    const { rows } = await db.pool.query<{ pid: number }>(lockHolders, ['advisory'])
    return rows[0]?.pid
  }
  const firstHolder = await holder()
  await db.pool.query('SELECT pg_terminate_backend($1)', [firstHolder])
  await vi.waitFor(async () => {
    const next = await holder()
    expect(next).toBeDefined()
    expect(next).not.toBe(firstHolder)
  }, 10_000)
  expect(lost).toBeUndefined()
  const rival = await db.pool.connect()
  const stolen = rival.query('SELECT pg_advisory_lock(7300001)')
  await db.pool.query('SELECT pg_terminate_backend($1)', [await holder()])
  await stolen
  await vi.waitFor(() => expect(lost?.message).toContain('Another hub is running'), 10_000)
  // Without the lock, stopping leaves the server alone: it is the other hub's.
  await hub.stop()
  expect(await readServerPid(dataDir)).toBeGreaterThan(0)
  rival.release(true)
  await db.close()
})
