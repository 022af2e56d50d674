import { Failure } from '@private-connect/sharing'
import type { DesktopState } from '@private-connect/ui/desktop'
import type { SystemKeyring } from './system-keyring.ts'
import { createVaultFile, type Secrets, type VaultFile } from './vault-file.ts'

export type SecretStorage = DesktopState['secretStorage']

/** Where tokens and links are kept: encrypted by the system's keyring, in memory, or as they are by a person's choice. */
export interface SecretVault {
  readonly storage: SecretStorage
  /** False where the system has no place for secrets, or only one that it does not encrypt. */
  readonly hasKeyring: boolean
  /** Null where there is none, or where it cannot be decrypted any more. */
  get(name: string): string | null
  /** Null removes it. */
  set(name: string, secret: string | null): Promise<void>
  /** Removes everything, from the disk too; the choice where to keep secrets stays. */
  clear(): Promise<void>
  /** Moves what there is. Rejects with a Failure where the system has a keyring. */
  choose(storage: Exclude<SecretStorage, 'keyring'>): Promise<void>
}

export interface VaultOptions {
  readonly file: string
  readonly keyring: SystemKeyring
}

/** A file that holds clear text is moved into the keyring as soon as the system has one. */
export async function openSecretVault({ file, keyring }: VaultOptions): Promise<SecretVault> {
  const hasKeyring = keyring.isSafe()
  const vaultFile = createVaultFile(file, keyring)
  const found = await vaultFile.read()
  const storage = hasKeyring ? 'keyring' : (found?.storage ?? 'memory')
  const vault = createVault({ vaultFile, hasKeyring, storage, secrets: found?.secrets ?? {} })
  if (found !== null && found.storage !== storage) await vaultFile.write(storage, found.secrets)
  return vault
}

interface VaultStart {
  readonly vaultFile: VaultFile
  readonly hasKeyring: boolean
  readonly storage: SecretStorage
  readonly secrets: Secrets
}

function createVault({ vaultFile, hasKeyring, ...start }: VaultStart): SecretVault {
  let { storage } = start
  const secrets = new Map(Object.entries(start.secrets))
  const write = async (): Promise<void> => vaultFile.write(storage, Object.fromEntries(secrets))
  return {
    get storage() {
      return storage
    },
    hasKeyring,
    get: (name) => secrets.get(name) ?? null,
    async set(name, secret) {
      if (secret === (secrets.get(name) ?? null)) return
      if (secret === null) secrets.delete(name)
      else secrets.set(name, secret)
      await write()
    },
    async clear() {
      secrets.clear()
      await vaultFile.remove(storage)
    },
    async choose(chosen) {
      if (hasKeyring) throw new Failure('usage', 'This system has a keyring, which keeps secrets safer.')
      storage = chosen
      if (chosen === 'memory') await vaultFile.remove(chosen)
      else await write()
    },
  }
}
