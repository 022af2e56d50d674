import { inTransaction, revokeShare as endShare } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { recordAction } from '../record-action.ts'
import { appendShareEvent } from './share-event.ts'

/**
 * Ends a share for good. It answers once no new request can reach the upstream from this node (SPEC §13);
 * a second time changes nothing. Throws `share.not_found`.
 */
export async function revokeShare(ctx: AuthenticatedContext, input: { readonly id: string }) {
  await inTransaction(ctx.db, async (tx) => {
    const { share, wasActive } = await endShare(tx, {
      workspaceId: ctx.credential.workspaceId,
      shareId: input.id,
    })
    if (!wasActive) return
    await appendShareEvent(tx, ctx, { type: 'share.revoked', share })
    await recordAction(tx, ctx, { action: 'share.revoked', subjectId: input.id })
  })
  ctx.ports.eventsAppended(ctx.credential.workspaceId)
  await ctx.ports.shareChanged(input.id)
  return { success: true as const }
}
