import { deleteAgent as removeAgent, inTransaction } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { recordAction } from '../record-action.ts'

/**
 * Ends an agent and its services with the commit; logs and audit stay. Its tunnel is cut, and its shares answer as
 * inactive. Throws `agent.not_found`.
 */
export async function deleteAgent(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  await inTransaction(ctx.db, async (tx) => {
    await removeAgent(tx, { workspaceId, agentId: input.id })
    await recordAction(tx, ctx, { action: 'agent.deleted', subjectId: input.id })
  })
  await ctx.ports.agentChanged(input.id)
  return { success: true as const }
}
