import { createVault, fingerprintSecret, type Vault, type VaultKey } from '@private-connect/api'
import { addEncryptionKey, listEncryptionKeys, type EncryptionKeyRow, type Db } from '@private-connect/db'
import type { HubSecrets } from './hub-secret.ts'

/**
 * What this database keeps encrypted, opened with this hub's secrets. Each key of the database must be here: with one
 * missing, what is under it could not be read.
 * @throws Error in words; the hub must not start then.
 */
export async function openVault(db: Db, { current, previous }: HubSecrets): Promise<Vault> {
  const secrets = previous === null ? [current] : [current, previous]
  const known = await listEncryptionKeys(db)
  const isReplaced = known.length > 0 && !known.some((key) => findSecret(key, [current]) !== null)
  if (isReplaced && !known.some((key) => findSecret(key, secrets) !== null)) throw new Error(wrongSecret)
  const keys = await addEncryptionKey(db, fingerprintSecret(current))
  const opened = keys.map((key): VaultKey => {
    const secret = findSecret(key, secrets)
    if (secret === null) throw new Error(unfinishedRotation)
    return { id: key.id, secret }
  })
  const currentKey = opened.find(({ secret }) => secret === current)
  if (currentKey === undefined) throw new Error(wrongSecret)
  return createVault({ current: currentKey, previous: opened.filter((key) => key !== currentKey) })
}

const wrongSecret =
  'HUB_SECRET (or the file hub-secret in DATA_DIR) is not the one that this database was set up with. ' +
  'Restore the old one: what is stored encrypted cannot be read with another.'

const unfinishedRotation =
  'Some of what is stored is still encrypted under an earlier secret. Give that one in HUB_SECRET_PREVIOUS ' +
  '(or restore the file hub-secret.previous in DATA_DIR) and run: npm run rotate-secret'

function findSecret({ fingerprint }: EncryptionKeyRow, secrets: readonly string[]): string | null {
  return secrets.find((secret) => Buffer.compare(fingerprintSecret(secret), fingerprint) === 0) ?? null
}
