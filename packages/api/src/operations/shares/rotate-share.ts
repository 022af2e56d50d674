import { inTransaction, lockShareForChange, rotateShareLink } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { CreatedShare } from '../../contracts/index.ts'
import { hashToken, mintToken, previewShareToken } from '../../credentials/tokens.ts'
import { recordAction } from '../record-action.ts'
import { presentNewLink } from './present-new-link.ts'

/**
 * A new link for a share, shown this once. It answers once the old one opens nothing any more; who uses it is cut
 * off. Throws `share.not_found`, `share.revoked`.
 */
export async function rotateShare(
  ctx: AuthenticatedContext,
  input: { readonly id: string },
): Promise<{ success: true; share: CreatedShare }> {
  const token = mintToken('share')
  const ref = { workspaceId: ctx.credential.workspaceId, shareId: input.id }
  const row = await inTransaction(ctx.db, async (tx) => {
    await lockShareForChange(tx, ref)
    const link = { tokenHash: hashToken(token), tokenPreview: previewShareToken(token) }
    const rotated = await rotateShareLink(tx, { ...ref, link })
    await recordAction(tx, ctx, { action: 'share.rotated', subjectId: input.id })
    return rotated
  })
  await ctx.ports.shareChanged(input.id)
  return presentNewLink(ctx.ports, row, token)
}
