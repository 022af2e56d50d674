import { getAgent as findAgent, listAgents as findAgents } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { readPage, type PageRequest } from '../read-page.ts'
import { presentAgent } from './present-agent.ts'

/** The workspace's agents, newest first. */
export async function listAgents(ctx: AuthenticatedContext, input: PageRequest) {
  const { workspaceId } = ctx.credential
  return readPage(input, {
    list: `agents:${workspaceId}`,
    fetch: (page) => findAgents(ctx.db, { workspaceId, ...page }),
    position: (row) => row.id,
    present: (row) => presentAgent(ctx, row),
  })
}

/** Throws `agent.not_found`. */
export async function getAgent(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  return presentAgent(ctx, await findAgent(ctx.db, { workspaceId, agentId: input.id }))
}
