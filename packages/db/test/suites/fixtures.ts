import { createHash, randomBytes } from 'node:crypto'
import {
  createAgent,
  createShare,
  createUserWithWorkspace,
  upsertService,
  type AgentRow,
  type Db,
  type NewShare,
  type ServiceRow,
  type ShareRow,
} from '../../src/index.ts'

export const hourMs = 3_600_000

/** The hash of a token that nobody knows, or of a given one. */
export function hashOf(token: string = randomBytes(16).toString('hex')) {
  return createHash('sha256').update(token).digest()
}

export function inMs(ms: number): Date {
  return new Date(Date.now() + ms)
}

/** A workspace with one agent, one service and one share, as most tests need it. */
export interface Tenant {
  readonly userId: string
  readonly workspaceId: string
  readonly agent: AgentRow
  readonly service: ServiceRow
  readonly share: ShareRow
  readonly tokenHash: Buffer<ArrayBuffer>
}

export async function createTenant(db: Db, share: Partial<NewShare> = {}): Promise<Tenant> {
  const { user, workspace } = await createUserWithWorkspace(db, {
    email: `${randomBytes(6).toString('hex')}@example.com`,
    workspaceName: 'acme-corp',
  })
  const workspaceId = workspace.id
  const agent = await createAgent(db, { workspaceId, name: 'laptop', label: null, tokenHash: hashOf() })
  const { service } = await upsertService(db, {
    workspaceId,
    agentId: agent.id,
    name: 'web',
    targetHost: 'localhost',
    targetPort: 3000,
    protocol: 'http',
  })
  const tokenHash = hashOf()
  const row = await createShare(db, { ...newShare(workspaceId, service.id), link: link(tokenHash), ...share })
  return { userId: user.id, workspaceId, agent, service, share: row, tokenHash }
}

export function newShare(workspaceId: string, serviceId: string): NewShare {
  return {
    workspaceId,
    serviceId,
    createdByUserId: null,
    createdByApiKeyId: null,
    name: 'demo',
    description: null,
    expiresAt: null,
    allowedPaths: null,
    allowedMethods: null,
    rateLimitPerMin: null,
    link: link(),
  }
}

export function link(tokenHash = hashOf()) {
  return { tokenHash, tokenPreview: 'share_tok_abc...' }
}
