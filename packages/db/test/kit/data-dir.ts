import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, vi } from 'vitest'
import { isAlive } from '../../src/embedded/is-alive.ts'
import { startWatchdog } from '../../src/testing/start-watchdog.ts'

const made: string[] = []

/** A data folder for an embedded server. After the file's tests, or a killed vitest, its server is stopped and it is removed. */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(await realpath(tmpdir()), 'pc-db-'))
  startWatchdog(dataDir)
  made.push(dataDir)
  return dataDir
}

afterAll(async () => {
  for (const dataDir of made.splice(0)) {
    const pid = await readServerPid(dataDir).catch(() => null)
    if (pid !== null) await killServer(pid)
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
})

/** The process id of the PostgreSQL that runs on this data folder. */
export async function readServerPid(dataDir: string): Promise<number> {
  const lockFile = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')
  return Number.parseInt(lockFile, 10)
}

/** Its file may outlive it, so the process counts. */
export async function isServerRunning(dataDir: string): Promise<boolean> {
  const pid = await readServerPid(dataDir).catch(() => 0)
  return pid > 0 && isAlive(pid)
}

/** Ends the server with `kill -9`; its children notice and follow. */
export async function killServer(pid: number): Promise<void> {
  if (pid <= 0 || !isAlive(pid)) return
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => {
    if (isAlive(pid)) throw new Error(`The server ${pid} has not ended.`)
  }, 10_000)
}
