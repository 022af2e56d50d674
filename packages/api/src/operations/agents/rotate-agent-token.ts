import { inTransaction, rotateAgentToken as replaceTokenHash } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { hashToken, mintToken } from '../../credentials/tokens.ts'
import { recordAction } from '../record-action.ts'
import { presentAgent } from './present-agent.ts'

/** A new token for an agent. The old one ends with the commit, and its tunnel is cut. Throws `agent.not_found`. */
export async function rotateAgentToken(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const token = mintToken('agent')
  const row = await inTransaction(ctx.db, async (tx) => {
    const rotated = await replaceTokenHash(tx, {
      workspaceId: ctx.credential.workspaceId,
      agentId: input.id,
      tokenHash: hashToken(token),
    })
    await recordAction(tx, ctx, { action: 'agent.token_rotated', subjectId: rotated.id })
    return rotated
  })
  await ctx.ports.agentChanged(row.id)
  return { success: true as const, agent: presentAgent(ctx, row), token }
}
