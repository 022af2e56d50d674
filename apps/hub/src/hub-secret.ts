import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureEncryptionKey, type Queryable } from '@private-connect/db'
import type { Env } from './env.ts'

/**
 * The secret that the hub derives its keys from: HUB_SECRET, or on the embedded default one that is generated once.
 * @throws Error in words when the file may be read by others.
 */
export async function readHubSecret(env: Pick<Env, 'HUB_SECRET' | 'dataDir'>): Promise<string> {
  if (env.HUB_SECRET !== undefined) return env.HUB_SECRET
  await mkdir(env.dataDir, { recursive: true, mode: 0o700 })
  const file = join(env.dataDir, 'hub-secret')
  await createSecretFile(file)
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new Error(`Others may read ${file}. Close it with: chmod 600 '${file}'`)
  }
  return (await readFile(file, 'utf8')).trim()
}

/** Whole or not there: written aside, synced, then linked, so that neither a crash nor a second start leaves half of it. */
async function createSecretFile(file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = await open(unfinished, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(unfinished)
  }
}

/**
 * Makes sure that this database belongs to this secret: with another one, what is stored encrypted could not be read.
 * @throws Error in words; the hub must not start then.
 */
export async function checkHubSecret(db: Queryable, secret: string): Promise<void> {
  // A fingerprint under a label of its own says nothing about the keys that are derived under other labels.
  const fingerprint = new Uint8Array(
    createHmac('sha256', secret).update('private-connect key fingerprint').digest(),
  )
  const noted = await ensureEncryptionKey(db, { id: 'hub-secret-1', fingerprint })
  if (timingSafeEqual(noted.fingerprint, fingerprint)) return
  throw new Error(
    'HUB_SECRET (or the file hub-secret in DATA_DIR) is not the one that this database was set up with. ' +
      'Restore the old one: what is stored encrypted cannot be read with another.',
  )
}
