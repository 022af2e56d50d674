import type { Queryable } from './create-db.ts'
import type { RevocationKind } from './generated/client.ts'

/** The channel on which every revocation is told when it commits; the payload is its seq. */
export const revocationChannel = 'private_connect_revocations'

export interface NewRevocation {
  readonly workspaceId: string
  readonly kind: RevocationKind
  readonly subjectId: string
}

export interface RevocationRow extends NewRevocation {
  readonly seq: number
  readonly createdAt: Date
}

/**
 * Adds to the feed, in the transaction that revokes. The advisory lock is held until that transaction has
 * committed, so a reader who has seen seq n will never meet a smaller one later.
 */
export async function appendRevocation(tx: Queryable, input: NewRevocation): Promise<void> {
  await tx.client.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('private-connect revocations'))`
  await tx.client.$executeRaw`
    WITH added AS (
      INSERT INTO revocations (workspace_id, kind, subject_id)
      VALUES (${input.workspaceId}, ${input.kind}::revocation_kind, ${input.subjectId})
      RETURNING seq
    )
    SELECT pg_notify(${revocationChannel}, seq::text) FROM added`
}

/** What was revoked after `seq`, in order. For the hub, over all workspaces. */
export async function listRevocationsAfter(
  db: Queryable,
  input: { readonly seq: number; readonly limit: number },
): Promise<RevocationRow[]> {
  const rows = await db.client.revocation.findMany({
    where: { seq: { gt: input.seq } },
    orderBy: { seq: 'asc' },
    take: input.limit,
  })
  return rows.map(({ seq, ...row }) => Object.assign(row, { seq: Number(seq) }))
}

/** Where a node that starts with an empty cache begins to follow the feed. */
export async function getLastRevocationSeq(db: Queryable): Promise<number> {
  const { _max } = await db.client.revocation.aggregate({ _max: { seq: true } })
  return Number(_max.seq ?? 0)
}
