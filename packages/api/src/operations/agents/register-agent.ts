import { createAgent, inTransaction } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { hashToken, mintToken } from '../../credentials/tokens.ts'
import { recordAction } from '../record-action.ts'
import { presentAgent } from './present-agent.ts'

/** A new agent with its token, which is shown this once. */
export async function registerAgent(
  ctx: AuthenticatedContext,
  input: { readonly name: string; readonly label?: string | undefined },
) {
  const token = mintToken('agent')
  const row = await inTransaction(ctx.db, async (tx) => {
    const created = await createAgent(tx, {
      workspaceId: ctx.credential.workspaceId,
      name: input.name,
      label: input.label ?? null,
      tokenHash: hashToken(token),
    })
    await recordAction(tx, ctx, {
      action: 'agent.registered',
      subjectId: created.id,
      details: { name: created.name },
    })
    return created
  })
  return { success: true as const, agent: presentAgent(ctx, row), token }
}
