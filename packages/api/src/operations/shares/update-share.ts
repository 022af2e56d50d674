import {
  getWorkspace,
  inTransaction,
  lockShareForChange,
  updateShare as changeShare,
  type Queryable,
  type ShareChanges,
} from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { Share, UpdateShareInput } from '../../contracts/index.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { recordAction } from '../record-action.ts'
import { isNarrower } from './is-narrower.ts'
import { presentShare } from './present-share.ts'
import { shareExpiryOf } from './share-expiry.ts'
import { checkWritePolicy } from './share-policy.ts'

/**
 * Changes what is named. Where that takes something from visitors, what is open on the share is cut and must come
 * again under the new rules. Throws `share.not_found`, `share.revoked`, `request.invalid`.
 */
export async function updateShare(ctx: AuthenticatedContext, input: UpdateShareInput): Promise<Share> {
  const ref = { workspaceId: ctx.credential.workspaceId, shareId: input.id }
  const outcome = await inTransaction(ctx.db, async (tx) => {
    const before = await lockShareForChange(tx, ref)
    const changes = await changesOf(tx, ctx, input)
    const hasLess = isNarrower(before, changes)
    const row = await changeShare(tx, { ...ref, changes, isNarrower: hasLess })
    const { expiresAt, ...others } = changes
    await recordAction(tx, ctx, {
      action: 'share.updated',
      subjectId: row.id,
      details: JSON.parse(JSON.stringify({ ...others, expiresAt })) as Record<string, never>,
    })
    return { row, hasLess }
  })
  await (outcome.hasLess ? ctx.ports.shareChanged(input.id) : ctx.ports.shareRefreshed(input.id))
  return presentShare(ctx, outcome.row)
}

async function changesOf(
  tx: Queryable,
  ctx: AuthenticatedContext,
  input: UpdateShareInput,
): Promise<ShareChanges> {
  const { id: _id, expiresIn, expiresAt, ...others } = input
  const workspace = await getWorkspace(tx, ctx.credential.workspaceId)
  if (workspace === null) throw new AppError('auth.invalid')
  checkWritePolicy(input.allowWrites, workspace)
  if (expiresIn === undefined && expiresAt === undefined) return omitUndefined(others)
  return { ...omitUndefined(others), expiresAt: shareExpiryOf(input, workspace, ctx.ports.nowMs()) }
}
