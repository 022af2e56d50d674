import type { DesktopState } from '@private-connect/ui/desktop'

export type SecretStorage = DesktopState['secretStorage']

/** Where tokens and links are kept: encrypted by the system's keyring, in memory, or as it is by a person's choice. */
export interface SecretVault {
  readonly storage: SecretStorage
  /** False where the system has no place for secrets, or only one that it does not encrypt. */
  readonly hasKeyring: boolean
  /** Null where there is none, or where it cannot be decrypted any more. */
  get(name: string): string | null
  /** Null removes it. */
  set(name: string, secret: string | null): Promise<void>
  /** Removes everything, from the disk too. */
  clear(): Promise<void>
  /** Moves what there is. Throws a Failure where the system has a keyring. */
  choose(storage: Exclude<SecretStorage, 'keyring'>): Promise<void>
}
