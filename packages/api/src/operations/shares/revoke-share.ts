import { inTransaction, revokeShare as endShare } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { recordAction } from '../record-action.ts'

/**
 * Ends a share for good. It answers once no new request can reach the upstream from this node (SPEC §13);
 * a second time changes nothing. Throws `share.not_found`.
 */
export async function revokeShare(ctx: AuthenticatedContext, input: { readonly id: string }) {
  await inTransaction(ctx.db, async (tx) => {
    await endShare(tx, { workspaceId: ctx.credential.workspaceId, shareId: input.id })
    await recordAction(tx, ctx, { action: 'share.revoked', subjectId: input.id })
  })
  await ctx.ports.shareChanged(input.id)
  return { success: true as const }
}
