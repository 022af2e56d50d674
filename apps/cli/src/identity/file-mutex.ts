import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '@private-connect/sharing'

/** A holder works for milliseconds; one that is this old was killed. */
const staleAfterMs = 5000
const giveUpAfterMs = 15_000

/** Runs `work` while no other process does the same with this lock file; what a killed process left is cleared away. */
export async function withFileMutex<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const owner = randomUUID()
  await acquire(lockFile, owner)
  try {
    return await work()
  } finally {
    // Another process may have judged us dead (a laptop that slept); its lock is not ours to remove.
    if ((await readFile(lockFile, 'utf8').catch(() => '')) === owner) await rm(lockFile, { force: true })
  }
}

async function acquire(lockFile: string, owner: string): Promise<void> {
  const deadline = performance.now() + giveUpAfterMs
  while (!(await tryCreate(lockFile, owner))) {
    await clearIfStale(lockFile)
    if (performance.now() > deadline) {
      throw new Failure('failed', `Another process holds ${lockFile}.`, {
        hint: 'Delete that file if none runs.',
      })
    }
    await delay(10 + Math.random() * 20)
  }
}

async function tryCreate(lockFile: string, owner: string): Promise<boolean> {
  try {
    const handle = await open(lockFile, 'wx', 0o600)
    await handle.writeFile(owner)
    await handle.close()
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  }
}

/** Moves a stale lock aside first and looks at its age again: of two that find it stale, one must not take the other's new lock. */
async function clearIfStale(lockFile: string): Promise<void> {
  if (!(await isStale(lockFile))) return
  const aside = `${lockFile}.${randomUUID()}`
  try {
    await rename(lockFile, aside)
  } catch {
    return
  }
  if (await isStale(aside)) await rm(aside, { force: true })
  else await rename(aside, lockFile)
}

async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > staleAfterMs
}
