import { hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../env.ts'

export interface HubSecrets {
  readonly current: string
  /** The one before, while records may still be encrypted under it. */
  readonly previous: string | null
}

type SecretSettings = Pick<Env, 'HUB_SECRET' | 'HUB_SECRET_PREVIOUS' | 'dataDir'>

/**
 * The secret that the hub derives its keys from: HUB_SECRET, or on the embedded default one that is generated once.
 * @throws Error in words when the file may be read by others.
 */
export async function readHubSecrets(env: SecretSettings): Promise<HubSecrets> {
  if (env.HUB_SECRET !== undefined) {
    return { current: env.HUB_SECRET, previous: env.HUB_SECRET_PREVIOUS ?? null }
  }
  await mkdir(env.dataDir, { recursive: true, mode: 0o700 })
  const { currentFile, previousFile } = secretFiles(env)
  // Before a new one is made: a rotation that was cut off between its two steps left only the previous one.
  const previous = await readSecretFile(previousFile)
  await createSecretFile(currentFile)
  const current = await readSecretFile(currentFile)
  if (current === null) throw new Error(`There is no ${currentFile}.`)
  return { current, previous }
}

/** A key of 32 bytes for one purpose, which tells nothing of the secret or of other keys. */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32))
}

/** Sets the generated secret aside and makes another one; does nothing while an earlier rotation is not finished. */
export async function replaceGeneratedSecret(env: SecretSettings): Promise<void> {
  const { currentFile, previousFile } = secretFiles(env)
  if ((await readSecretFile(previousFile)) === null) await rename(currentFile, previousFile)
  await createSecretFile(currentFile)
}

/** Once nothing is encrypted under it any more. */
export async function removePreviousSecret(env: SecretSettings): Promise<void> {
  if (env.HUB_SECRET === undefined) await unlink(secretFiles(env).previousFile)
}

function secretFiles({ dataDir }: SecretSettings) {
  return { currentFile: join(dataDir, 'hub-secret'), previousFile: join(dataDir, 'hub-secret.previous') }
}

async function readSecretFile(file: string): Promise<string | null> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return null
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') {
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
