import type { Queryable } from './create-db.ts'
import { refuseRetiredKey } from './encryption-keys.ts'
import type { SealedRecord } from './sealed-record.ts'

export interface IdempotencyRef {
  readonly workspaceId: string
  /** A digest of the caller's key, never the key itself: the answer cannot be read without it. */
  readonly key: string
}

export interface IdempotencyInput extends IdempotencyRef {
  readonly operation: string
  readonly requestHash: Uint8Array<ArrayBuffer>
  readonly expiresAt: Date
}

export interface KeptAnswer {
  readonly operation: string
  readonly requestHash: Uint8Array<ArrayBuffer>
  readonly sealed: SealedRecord
}

const expiredPerClaim = 100

/**
 * Takes a key for the transaction that does the work, or answers what the first call with it was told. Whoever
 * comes second waits here until the first has committed or was undone, so parallel repeats do the work once.
 */
export async function claimIdempotencyKey(
  tx: Queryable,
  input: IdempotencyInput,
): Promise<KeptAnswer | null> {
  const claimed = await tx.client.$executeRaw`
    INSERT INTO idempotency_keys AS k (workspace_id, key, operation, request_hash, expires_at)
    VALUES (${input.workspaceId}, ${input.key}, ${input.operation}, ${input.requestHash}, ${input.expiresAt})
    ON CONFLICT (workspace_id, key) DO UPDATE SET operation = excluded.operation,
      request_hash = excluded.request_hash, response_cipher = NULL, response_key_id = NULL, completed_at = NULL, created_at = now(),
      expires_at = excluded.expires_at
    WHERE k.expires_at <= now()`
  if (claimed === 1) return null
  const { operation, requestHash, ...row } = await tx.client.idempotencyKey.findUniqueOrThrow({
    where: { workspaceId_key: { workspaceId: input.workspaceId, key: input.key } },
    select: { operation: true, requestHash: true, responseCipher: true, responseKeyId: true },
  })
  // A claim commits only together with its answer.
  const sealed = toSealed(row)
  if (sealed === null) throw new Error('An idempotency key has no answer.')
  return { operation, requestHash, sealed }
}

export interface SealedAnswer extends IdempotencyRef {
  readonly sealed: SealedRecord
}

/** Keeps the answer for the key's repeats, and drops some that have expired. */
export async function keepIdempotentAnswer(tx: Queryable, { sealed, ...ref }: SealedAnswer): Promise<void> {
  await refuseRetiredKey(tx, sealed.keyId)
  await tx.client.idempotencyKey.update({
    where: { workspaceId_key: ref },
    data: { responseCipher: sealed.cipher, responseKeyId: sealed.keyId, completedAt: new Date() },
  })
  await tx.client.$executeRaw`
    DELETE FROM idempotency_keys WHERE (workspace_id, key) IN (
      SELECT workspace_id, key FROM idempotency_keys WHERE expires_at <= now()
      ORDER BY expires_at LIMIT ${expiredPerClaim} FOR UPDATE SKIP LOCKED)`
}

/** Answers that are not under this key yet. For the hub's rotation, over all workspaces. */
export async function listAnswersUnderOtherKeys(
  db: Queryable,
  input: { readonly keyId: string; readonly limit: number },
): Promise<SealedAnswer[]> {
  const rows = await db.client.idempotencyKey.findMany({
    where: { responseKeyId: { not: input.keyId } },
    orderBy: [{ workspaceId: 'asc' }, { key: 'asc' }],
    take: input.limit,
    select: { workspaceId: true, key: true, responseCipher: true, responseKeyId: true },
  })
  return rows.flatMap(({ workspaceId, key, ...row }) => {
    const sealed = toSealed(row)
    return sealed === null ? [] : [{ workspaceId, key, sealed }]
  })
}

/** Puts the same answer under another key, unless another one took its place meanwhile. */
export async function replaceSealedAnswer(
  db: Queryable,
  { workspaceId, key, sealed, before }: SealedAnswer & { readonly before: SealedRecord },
): Promise<void> {
  await db.client.idempotencyKey.updateMany({
    where: { workspaceId, key, responseCipher: before.cipher },
    data: { responseCipher: sealed.cipher, responseKeyId: sealed.keyId },
  })
}

function toSealed(row: {
  responseCipher: Uint8Array<ArrayBuffer> | null
  responseKeyId: string | null
}): SealedRecord | null {
  const { responseCipher: cipher, responseKeyId: keyId } = row
  return cipher === null || keyId === null ? null : { cipher, keyId }
}
