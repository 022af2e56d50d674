import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import { countWebhookSecretsUnderOtherKeys } from './webhook-secrets.ts'

export interface EncryptionKeyRow {
  readonly id: string
  readonly fingerprint: Uint8Array<ArrayBuffer>
}

/** The keys that records may be encrypted under, oldest first. Never the keys themselves: their fingerprints. */
export async function listEncryptionKeys(db: Queryable): Promise<EncryptionKeyRow[]> {
  return db.client.encryptionKey.findMany({
    where: { retiredAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, fingerprint: true },
  })
}

/**
 * Notes a key under the next free id, unless it is noted already. Of several hubs that start at once, all get the same
 * answer: the keys in use, this one among them.
 */
export async function addEncryptionKey(
  db: Queryable,
  fingerprint: Uint8Array<ArrayBuffer>,
): Promise<EncryptionKeyRow[]> {
  return inTransaction(db, async (tx) => {
    await tx.client.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('private-connect encryption keys'))`
    const keys = await listEncryptionKeys(tx)
    if (keys.some((key) => Buffer.compare(key.fingerprint, fingerprint) === 0)) return keys
    const known = await tx.client.encryptionKey.count()
    await tx.client.encryptionKey.create({ data: { id: `hub-secret-${known + 1}`, fingerprint } })
    return listEncryptionKeys(tx)
  })
}

/** Retires every other key if nothing is encrypted under one any more; answers whether it did. */
export async function retireOtherEncryptionKeys(db: Queryable, keyId: string): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    // Waits for writers, who hold their key's row, and keeps new ones out.
    await tx.client.$queryRaw`SELECT 1 FROM encryption_keys WHERE id <> ${keyId} FOR UPDATE`
    const logins = await tx.client.service.count({ where: { credentialsKeyId: { not: keyId } } })
    const answers = await tx.client.idempotencyKey.count({ where: { responseKeyId: { not: keyId } } })
    const secrets = await countWebhookSecretsUnderOtherKeys(tx, keyId)
    if (logins + answers + secrets > 0) return false
    await tx.client.encryptionKey.updateMany({
      where: { id: { not: keyId }, retiredAt: null },
      data: { retiredAt: new Date() },
    })
    return true
  })
}

/** A hub that still runs with the secret of before a rotation must not write what no other one can read. */
export async function refuseRetiredKey(tx: Queryable, keyId: string): Promise<void> {
  const keys = await tx.client.$queryRaw<object[]>`
    SELECT 1 FROM encryption_keys WHERE id = ${keyId} AND retired_at IS NULL FOR SHARE`
  if (keys.length > 0) return
  throw new AppError('hub.draining', 'The secret of this hub was replaced. Restart it with the new one.', {
    retryAfterSeconds: 60,
  })
}
