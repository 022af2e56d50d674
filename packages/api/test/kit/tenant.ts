import {
  createAgent,
  createSession,
  createShare,
  createDelivery,
  createUserWithWorkspace,
  createWebhook,
  insertAccessLogs,
  newId,
  revokeApiKey,
  upsertService,
} from '@private-connect/db'
import {
  hashToken,
  issueApiKey,
  mintToken,
  previewShareToken,
  webhookSecretBinding,
} from '../../src/index.ts'
import { mintWebhookSecret } from '../../src/webhooks/webhook-secret.ts'
import { vault, type Caller, type TestApi } from './test-api.ts'

/** A workspace with one of everything, and the credentials of all who might act for it. */
export interface Tenant {
  readonly userId: string
  readonly email: string
  readonly workspaceId: string
  readonly session: Caller
  /** Another session of the same user. */
  readonly sessionId: string
  readonly key: Caller
  readonly revokedKey: Caller
  readonly apiKeyId: string
  readonly agentId: string
  readonly agentToken: string
  readonly serviceId: string
  readonly shareId: string
  readonly shareToken: string
  readonly webhookId: string
  readonly deliveryId: string
}

let tenantCount = 0

/** A tenant whose name is part of everything that it owns, so that a leak shows; one that no other has unless it is told. */
export async function createTenant({ db }: TestApi, name = `tenant${(tenantCount += 1)}`): Promise<Tenant> {
  const email = `${name}@example.com`
  const { user, workspace } = await createUserWithWorkspace(db, { email, workspaceName: `${name}-workspace` })
  const workspaceId = workspace.id
  const session = mintToken('session')
  const newSession = (tokenHash: Buffer<ArrayBuffer>, kind: 'browser' | 'device') =>
    createSession(db, {
      tokenHash,
      userId: user.id,
      workspaceId,
      kind,
      expiresAt: new Date(Date.now() + 3_600_000),
      userAgent: `${name}-browser`,
    })
  await newSession(hashToken(session), 'browser')
  const elsewhere = await newSession(hashToken(mintToken('session')), 'device')
  const issue = (keyName: string) => issueApiKey(db, { workspaceId, name: keyName, createdByUserId: user.id })
  const active = await issue(`${name}-key`)
  const revoked = await issue(`${name}-revoked`)
  await revokeApiKey(db, { workspaceId, apiKeyId: revoked.row.id })
  const share = await createShareOf({ db }, workspaceId, name)
  return {
    userId: user.id,
    email,
    workspaceId,
    session: { cookie: `session=${session}` },
    sessionId: elsewhere.id,
    key: { 'x-api-key': active.key },
    revokedKey: { 'x-api-key': revoked.key },
    apiKeyId: active.row.id,
    ...share,
    ...(await createWebhookOf({ db }, workspaceId, name)),
  }
}

async function createWebhookOf({ db }: Pick<TestApi, 'db'>, workspaceId: string, name: string) {
  const id = newId('hook')
  const secret = vault.seal(webhookSecretBinding(id), mintWebhookSecret())
  const url = `https://${name}.example.com/hook`
  await createWebhook(db, { id, workspaceId, url, description: name, events: ['share.created'], secret })
  const { id: deliveryId } = await createDelivery(db, {
    workspaceId,
    webhookId: id,
    eventId: newId('evt'),
    eventType: 'share.created',
    body: '{}',
    scheduleStep: 0,
    now: new Date(),
  })
  return { webhookId: id, deliveryId }
}

async function createShareOf({ db }: Pick<TestApi, 'db'>, workspaceId: string, name: string) {
  const agentToken = mintToken('agent')
  const agent = await createAgent(db, {
    workspaceId,
    name: `${name}-agent`,
    label: null,
    tokenHash: hashToken(agentToken),
  })
  const { service } = await upsertService(db, {
    workspaceId,
    agentId: agent.id,
    name: `${name}-service`,
    targetHost: 'localhost',
    targetPort: 3000,
    protocol: 'http',
  })
  const shareToken = mintToken('share')
  const share = await createShare(db, {
    workspaceId,
    serviceId: service.id,
    createdByUserId: null,
    createdByApiKeyId: null,
    name: `${name}-share`,
    description: null,
    expiresAt: new Date(Date.now() + 3_600_000),
    allowedPaths: null,
    allowedMethods: null,
    rateLimitPerMin: null,
    link: { tokenHash: hashToken(shareToken), tokenPreview: previewShareToken(shareToken) },
  })
  await insertAccessLogs(db, [visitTo({ workspaceId, shareId: share.id, path: `/${name}` })])
  return { agentId: agent.id, agentToken, serviceId: service.id, shareId: share.id, shareToken }
}

export interface Visit {
  readonly workspaceId: string
  readonly shareId: string
  readonly path: string
  readonly timestampMs?: number
  readonly ipAddress?: string
  readonly userAgent?: string | null
  readonly method?: string
  readonly statusCode?: number
  readonly denied?: string | null
  readonly visitorId?: string | null
}

/** One visitor's request, as the proxy records it. */
export function visitTo({ timestampMs = Date.now(), ...visit }: Visit) {
  return {
    timestampMs,
    ipAddress: '203.0.113.42',
    userAgent: 'Mozilla/5.0...',
    method: 'GET',
    statusCode: 200,
    latencyMs: 45,
    bytesIn: 0,
    bytesOut: 5120,
    denied: null,
    ...visit,
  }
}
