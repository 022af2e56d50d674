import type { Queryable } from './create-db.ts'

export interface IdempotencyRef {
  readonly workspaceId: string
  /** A digest of the caller's key, never the key itself: it decrypts the answer. */
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
  readonly responseCipher: Uint8Array<ArrayBuffer>
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
      request_hash = excluded.request_hash, response_cipher = NULL, completed_at = NULL, created_at = now(),
      expires_at = excluded.expires_at
    WHERE k.expires_at <= now()`
  if (claimed === 1) return null
  const { operation, requestHash, responseCipher } = await tx.client.idempotencyKey.findUniqueOrThrow({
    where: { workspaceId_key: { workspaceId: input.workspaceId, key: input.key } },
    select: { operation: true, requestHash: true, responseCipher: true },
  })
  // A claim commits only together with its answer.
  if (responseCipher === null) throw new Error('An idempotency key has no answer.')
  return { operation, requestHash, responseCipher }
}

/** Keeps the answer for the key's repeats, and drops some that have expired. */
export async function keepIdempotentAnswer(
  tx: Queryable,
  input: IdempotencyRef & { readonly responseCipher: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await tx.client.idempotencyKey.update({
    where: { workspaceId_key: { workspaceId: input.workspaceId, key: input.key } },
    data: { responseCipher: input.responseCipher, completedAt: new Date() },
  })
  await tx.client.$executeRaw`
    DELETE FROM idempotency_keys WHERE (workspace_id, key) IN (
      SELECT workspace_id, key FROM idempotency_keys WHERE expires_at <= now()
      ORDER BY expires_at LIMIT ${expiredPerClaim} FOR UPDATE SKIP LOCKED)`
}
