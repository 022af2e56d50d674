import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'
import { pageEnd, type Page } from './page.ts'
import { readRows } from './read-rows.ts'
import { appendRevocation } from './revocations.ts'
import type { TokenHash } from './token-hash.ts'

const agentColumns = {
  id: true,
  workspaceId: true,
  name: true,
  label: true,
  version: true,
  connectedAt: true,
  lastSeenAt: true,
  createdAt: true,
} satisfies Prisma.AgentSelect
export type AgentRow = Prisma.AgentGetPayload<{ select: typeof agentColumns }>

const selectAgent = `
  SELECT id, workspace_id AS "workspaceId", name, label, version, connected_at AS "connectedAt",
    last_seen_at AS "lastSeenAt", created_at AS "createdAt"
  FROM agents WHERE deleted_at IS NULL`
const agentById = { name: 'agent by id', text: `${selectAgent} AND id = $1 AND workspace_id = $2` }
const agentsOfWorkspace = {
  name: 'agents of workspace',
  text: `${selectAgent} AND workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
}

export interface NewAgent {
  readonly workspaceId: string
  readonly name: string
  readonly label: string | null
  readonly tokenHash: TokenHash
}

/** Names an agent in its workspace. */
export interface AgentRef {
  readonly workspaceId: string
  readonly agentId: string
}

export async function createAgent(db: Queryable, input: NewAgent): Promise<AgentRow> {
  return db.client.agent.create({ data: { ...input, id: newId('agent') }, select: agentColumns })
}

/** For the tunnel's handshake: null when unknown, deleted or its workspace is gone. */
export async function findAgentByTokenHash(db: Queryable, tokenHash: TokenHash): Promise<AgentRow | null> {
  return db.client.agent.findFirst({
    where: { tokenHash, deletedAt: null, workspace: { deletedAt: null } },
    select: agentColumns,
  })
}

/** Throws `agent.not_found`. */
export async function getAgent(db: Queryable, ref: AgentRef): Promise<AgentRow> {
  const [row] = await readRows<AgentRow>(db, agentById, [ref.agentId, ref.workspaceId])
  if (row === undefined) throw new AppError('agent.not_found')
  return row
}

export async function listAgents(
  db: Queryable,
  input: Page & { readonly workspaceId: string },
): Promise<AgentRow[]> {
  return readRows<AgentRow>(db, agentsOfWorkspace, [input.workspaceId, pageEnd(input), input.limit])
}

export interface AgentSighting {
  readonly agentId: string
  readonly seenAt: Date
  /** Given when the agent has just connected. */
  readonly connectedAt?: Date
  readonly version?: string
}

/** For the hub's tunnel side. An agent deleted meanwhile is no error. */
export async function setAgentSeen(db: Queryable, input: AgentSighting): Promise<void> {
  await db.client.agent.updateMany({
    where: { id: input.agentId, deletedAt: null },
    data: {
      lastSeenAt: input.seenAt,
      ...(input.connectedAt === undefined ? {} : { connectedAt: input.connectedAt }),
      ...(input.version === undefined ? {} : { version: input.version }),
    },
  })
}

/** The old token stops at once; its tunnel is cut by the revocation feed. Throws `agent.not_found`. */
export async function rotateAgentToken(
  db: Queryable,
  input: AgentRef & { readonly tokenHash: TokenHash },
): Promise<AgentRow> {
  return inTransaction(db, async (tx) => {
    await updateLiveAgent(tx, input, { tokenHash: input.tokenHash })
    return getAgent(tx, input)
  })
}

/** Soft: its services, shares and logs stay, but nothing reaches it any more. Throws `agent.not_found`. */
export async function deleteAgent(db: Queryable, ref: AgentRef): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.client.service.updateMany({
      where: { agentId: ref.agentId, workspaceId: ref.workspaceId, deletedAt: null },
      data: { deletedAt: new Date() },
    })
    await updateLiveAgent(tx, ref, { deletedAt: new Date() })
  })
}

async function updateLiveAgent(
  tx: Queryable,
  ref: AgentRef,
  data: Prisma.AgentUpdateManyMutationInput,
): Promise<void> {
  const { count } = await tx.client.agent.updateMany({
    where: { id: ref.agentId, workspaceId: ref.workspaceId, deletedAt: null },
    data,
  })
  if (count === 0) throw new AppError('agent.not_found')
  await appendRevocation(tx, { workspaceId: ref.workspaceId, kind: 'agent', subjectId: ref.agentId })
}
