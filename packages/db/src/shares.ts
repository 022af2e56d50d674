import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import { getShare, type ShareMethod, type ShareRef, type ShareRow } from './find-shares.ts'
import { newId } from './new-id.ts'
import { appendRevocation } from './revocations.ts'
import { getService } from './services.ts'
import type { TokenHash } from './token-hash.ts'

export interface NewShare {
  readonly workspaceId: string
  readonly serviceId: string
  readonly createdByUserId: string | null
  readonly createdByApiKeyId: string | null
  readonly name: string
  readonly description: string | null
  /** Null: never. */
  readonly expiresAt: Date | null
  readonly allowedPaths: readonly string[] | null
  readonly allowedMethods: readonly ShareMethod[] | null
  readonly rateLimitPerMin: number | null
  readonly allowWrites?: boolean
  readonly maskedColumns?: readonly string[]
  readonly link: { readonly tokenHash: TokenHash; readonly tokenPreview: string }
}

/** Creates a share with its first link. Throws `service.not_found`. */
export async function createShare(db: Queryable, input: NewShare): Promise<ShareRow> {
  const { link, allowedPaths, allowedMethods, maskedColumns, ...columns } = input
  return inTransaction(db, async (tx) => {
    await getService(tx, input)
    const shareId = newId('share')
    await tx.client.share.create({
      data: {
        ...columns,
        id: shareId,
        allowedPaths: toRestriction(allowedPaths, 'allowedPaths'),
        allowedMethods: toRestriction(allowedMethods, 'allowedMethods'),
        maskedColumns: [...(maskedColumns ?? [])],
        links: { create: { id: newId('link'), ...link } },
      },
      select: { id: true },
    })
    return getShare(tx, { workspaceId: input.workspaceId, shareId })
  })
}

/** What PATCH may change; what is left out stays. */
export interface ShareChanges {
  readonly name?: string
  readonly description?: string | null
  readonly expiresAt?: Date | null
  readonly allowedPaths?: readonly string[] | null
  readonly allowedMethods?: readonly ShareMethod[] | null
  readonly rateLimitPerMin?: number | null
  readonly allowWrites?: boolean
  readonly maskedColumns?: readonly string[]
}

/**
 * The share as it is, locked until the transaction ends, so that what is decided on it still holds when it is
 * written. Throws `share.not_found`, and `share.revoked` since a revoked share stays as it is.
 */
export async function lockShareForChange(tx: Queryable, ref: ShareRef): Promise<ShareRow> {
  await tx.client.$queryRaw`
    SELECT id FROM shares WHERE id = ${ref.shareId} AND workspace_id = ${ref.workspaceId} FOR NO KEY UPDATE`
  const row = await getShare(tx, ref)
  if (row.revokedAt !== null) throw new AppError('share.revoked')
  return row
}

/**
 * Changes a share that `lockShareForChange` answered. `isNarrower` tells the nodes to re-evaluate what is open.
 * A later expiry is told again when it comes.
 */
export async function updateShare(
  tx: Queryable,
  input: ShareRef & { readonly changes: ShareChanges; readonly isNarrower: boolean },
): Promise<ShareRow> {
  const { allowedPaths, allowedMethods, maskedColumns, ...columns } = input.changes
  await tx.client.share.updateMany({
    where: { id: input.shareId, workspaceId: input.workspaceId, deletedAt: null, revokedAt: null },
    data: {
      ...columns,
      ...(maskedColumns === undefined ? {} : { maskedColumns: [...maskedColumns] }),
      ...(columns.expiresAt === undefined ? {} : { expiryToldAt: null }),
      ...(allowedPaths === undefined ? {} : { allowedPaths: toRestriction(allowedPaths, 'allowedPaths') }),
      ...(allowedMethods === undefined
        ? {}
        : { allowedMethods: toRestriction(allowedMethods, 'allowedMethods') }),
    },
  })
  if (input.isNarrower) {
    await appendRevocation(tx, {
      workspaceId: input.workspaceId,
      kind: 'share_rules',
      subjectId: input.shareId,
    })
  }
  return getShare(tx, input)
}

/** Gives a share a new link and ends all others. The caller holds its lock (`lockShareForChange`). */
export async function rotateShareLink(
  tx: Queryable,
  input: ShareRef & { readonly link: NewShare['link'] },
): Promise<ShareRow> {
  await tx.client.shareLink.updateMany({
    where: { shareId: input.shareId, revokedAt: null },
    data: { revokedAt: new Date() },
  })
  await tx.client.shareLink.create({
    data: { ...input.link, id: newId('link'), shareId: input.shareId },
  })
  await appendRevocation(tx, { workspaceId: input.workspaceId, kind: 'link', subjectId: input.shareId })
  return getShare(tx, input)
}

/** Ends a share for all its links; a second time keeps the first time. Throws `share.not_found`. */
export async function revokeShare(
  db: Queryable,
  ref: ShareRef,
): Promise<{ share: ShareRow; wasActive: boolean }> {
  return inTransaction(db, async (tx) => {
    const { count } = await tx.client.share.updateMany({
      where: { id: ref.shareId, workspaceId: ref.workspaceId, deletedAt: null, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (count > 0) {
      await appendRevocation(tx, { workspaceId: ref.workspaceId, kind: 'share', subjectId: ref.shareId })
    }
    return { share: await getShare(tx, ref), wasActive: count > 0 }
  })
}

/** In SQL an empty list is "no restriction", so one from outside, which may mean "nothing", is refused. */
function toRestriction(list: readonly string[] | null, path: string): string[] {
  if (list === null) return []
  if (list.length === 0) {
    throw new AppError('request.invalid', undefined, {
      issues: [{ path, message: 'Name at least one, or leave it out to allow all.' }],
    })
  }
  return [...list]
}
