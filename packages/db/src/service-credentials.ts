import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import { refuseRetiredKey } from './encryption-keys.ts'
import { readRows } from './read-rows.ts'
import type { SealedRecord } from './sealed-record.ts'
import type { ServiceRef } from './services.ts'

/** Stores, replaces or (null) removes a service's login. Throws `service.not_found`. */
export async function setServiceCredentials(
  db: Queryable,
  { workspaceId, serviceId, sealed }: ServiceRef & { readonly sealed: SealedRecord | null },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { count } = await tx.client.service.updateMany({
      where: { id: serviceId, workspaceId, deletedAt: null },
      data: { credentialsCipher: sealed?.cipher ?? null, credentialsKeyId: sealed?.keyId ?? null },
    })
    if (count === 0) throw new AppError('service.not_found')
    if (sealed !== null) await refuseRetiredKey(tx, sealed.keyId)
  })
}

const loginOfService = {
  name: 'login of service',
  text: `SELECT credentials_cipher AS "credentialsCipher", credentials_key_id AS "credentialsKeyId" FROM services
    WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL`,
}

/** The login of a live service; null where it has none. Throws `service.not_found`. */
export async function findServiceCredentials(
  db: Queryable,
  { workspaceId, serviceId }: ServiceRef,
): Promise<SealedRecord | null> {
  const [row] = await readRows<StoredLogin>(db, loginOfService, [serviceId, workspaceId])
  if (row === undefined) throw new AppError('service.not_found')
  return toSealed(row)
}

export interface CredentialsOfService {
  readonly serviceId: string
  readonly sealed: SealedRecord
}

/** Logins that are not under this key yet, deleted services' too. For the hub's rotation, over all workspaces. */
export async function listCredentialsUnderOtherKeys(
  db: Queryable,
  input: { readonly keyId: string; readonly limit: number },
): Promise<CredentialsOfService[]> {
  const rows = await db.client.service.findMany({
    where: { credentialsKeyId: { not: input.keyId } },
    orderBy: { id: 'asc' },
    take: input.limit,
    select: { id: true, credentialsCipher: true, credentialsKeyId: true },
  })
  return rows.flatMap(({ id, ...row }) => {
    const sealed = toSealed(row)
    return sealed === null ? [] : [{ serviceId: id, sealed }]
  })
}

/** Puts the same login under another key, unless somebody replaced it meanwhile. */
export async function replaceSealedCredentials(
  db: Queryable,
  { serviceId, sealed, before }: CredentialsOfService & { readonly before: SealedRecord },
): Promise<void> {
  await db.client.service.updateMany({
    where: { id: serviceId, credentialsCipher: before.cipher },
    data: { credentialsCipher: sealed.cipher, credentialsKeyId: sealed.keyId },
  })
}

interface StoredLogin {
  readonly credentialsCipher: Uint8Array<ArrayBuffer> | null
  readonly credentialsKeyId: string | null
}

function toSealed(row: StoredLogin): SealedRecord | null {
  const { credentialsCipher: cipher, credentialsKeyId: keyId } = row
  return cipher === null || keyId === null ? null : { cipher, keyId }
}
