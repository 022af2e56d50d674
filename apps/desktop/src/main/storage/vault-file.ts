import { readFile, rm } from 'node:fs/promises'
import { parseJson, preparePrivateDir, writePrivateJson } from '@private-connect/sharing'
import { z } from 'zod'
import type { SecretStorage } from './secret-vault.ts'
import type { SystemKeyring } from './system-keyring.ts'

export type Secrets = Readonly<Record<string, string>>

/** The vault's place on the disk. Changes happen one after the other. */
export interface VaultFile {
  /** Null where there is nothing that can be read now. */
  read(): Promise<{ readonly storage: 'keyring' | 'plain-file'; readonly secrets: Secrets } | null>
  /** Nothing is written for `memory`. */
  write(storage: SecretStorage, secrets: Secrets): Promise<void>
  /** Without a keyring the choice of a plain file is written again, empty. */
  remove(storage: SecretStorage): Promise<void>
}

const secretsSchema = z.record(z.string(), z.string())
const fileSchema = z.discriminatedUnion('storage', [
  z.strictObject({ version: z.literal(1), storage: z.literal('keyring'), sealed: z.base64() }),
  z.strictObject({ version: z.literal(1), storage: z.literal('plain-file'), secrets: secretsSchema }),
])

/** A file with mode 0600 in a folder with 0700: one sealed text, or clear text by choice. */
export function createVaultFile(file: string, keyring: SystemKeyring): VaultFile {
  let last = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.catch(() => undefined).then(work)
    return last
  }
  const replace = (content: unknown) =>
    inTurn(async () => {
      await preparePrivateDir(file)
      await writePrivateJson(file, content)
    })
  const write: VaultFile['write'] = async (storage, secrets) => {
    if (storage === 'plain-file') await replace({ version: 1, storage, secrets })
    if (storage !== 'keyring') return
    const sealed = keyring.encrypt(JSON.stringify(secrets)).toString('base64')
    await replace({ version: 1, storage, sealed })
  }
  return {
    read: async () => openContent(await readText(file), keyring),
    write,
    remove: async (storage) =>
      storage === 'plain-file' ? write(storage, {}) : inTurn(async () => rm(file, { force: true })),
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
}

/** What cannot be understood or decrypted counts as nothing: one signs in again. */
function openContent(text: string, keyring: SystemKeyring): Awaited<ReturnType<VaultFile['read']>> {
  const parsed = fileSchema.safeParse(parseJson(text))
  if (!parsed.success) return null
  const { data } = parsed
  if (data.storage === 'plain-file') return { storage: data.storage, secrets: data.secrets }
  if (!keyring.isSafe()) return null
  try {
    const opened = keyring.decrypt(Buffer.from(data.sealed, 'base64'))
    const secrets = secretsSchema.safeParse(parseJson(opened))
    return secrets.success ? { storage: data.storage, secrets: secrets.data } : null
  } catch {
    return null
  }
}
