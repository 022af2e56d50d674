import { createSession, createUserWithWorkspace, createDb, type Db } from '@private-connect/db'
import { findRunningPostgres } from '@private-connect/db/embedded'
import { hashToken, mintToken } from '@private-connect/api'
import type { Hub } from './hub.ts'

/** The database of a running hub, for a test that looks behind its API. */
export async function openHubDb(hub: Pick<Hub, 'dataDir'>): Promise<Db> {
  const url = await findRunningPostgres(hub.dataDir)
  if (url === null) throw new Error('The hub has no running database')
  return createDb({ url, onIdleError: () => {} })
}

export interface SignedIn {
  readonly workspaceId: string
  readonly session: string
  readonly cookie: string
}

/** A user with a workspace of their own, signed in without a mail. */
export async function createOwner(db: Db, email: string, workspaceName: string): Promise<SignedIn> {
  const { user, workspace } = await createUserWithWorkspace(db, { email, workspaceName })
  const session = mintToken('session')
  await createSession(db, {
    tokenHash: hashToken(session),
    userId: user.id,
    workspaceId: workspace.id,
    kind: 'browser',
    expiresAt: new Date(Date.now() + 3_600_000),
  })
  return { workspaceId: workspace.id, session, cookie: `session=${session}` }
}

/** What a test fills into addresses and bodies: one of each of a workspace's objects. */
export interface Belongings {
  readonly agentId: string
  readonly serviceId: string
  readonly shareId: string
  readonly apiKeyId: string
  readonly tokens: Readonly<Record<'agent' | 'share' | 'apiKey', string>>
}

/** One agent, service, share and API key, made over the API as its user would. */
export async function createBelongings(hub: Pick<Hub, 'url'>, cookie: string): Promise<Belongings> {
  const create = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(hub.url + path, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const registered = await create<{ agent: { id: string }; token: string }>('/v1/agents/register', {
    name: 'laptop',
  })
  const agentId = registered.agent.id
  const { service } = await create<{ service: { id: string } }>('/v1/services/register', {
    agentId,
    name: 'prod-db',
    targetHost: 'localhost',
    targetPort: 5432,
    protocol: 'tcp',
  })
  const { share } = await create<{ share: { id: string; token: string } }>(
    `/v1/services/${service.id}/shares`,
    { name: 'demo' },
  )
  const apiKey = await create<{ id: string; key: string }>('/v1/api-keys', { name: 'ci' })
  return {
    agentId,
    serviceId: service.id,
    shareId: share.id,
    apiKeyId: apiKey.id,
    tokens: { agent: registered.token, share: share.token, apiKey: apiKey.key },
  }
}
