// Guarantee (LOG-06, LOG-05): each administrative action leaves one row in its workspace's audit chain, written in
// the action's own transaction, with who did it from where; reads and refusals leave none.
import { verifyAuditChain } from '@private-connect/db'
import { describe, expect, it } from 'vitest'
import { issueOwnerSignIn, restOperations } from '../src/index.ts'
import { anonymous, createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'owner')
const stranger = await createTenant(api, 'stranger')

const rowsOf = (workspaceId: string) =>
  api.db.client.auditEntry.findMany({ where: { workspaceId }, orderBy: { seq: 'asc' } })

const actions: Record<string, [action: string, input: (tenant: Tenant) => Record<string, unknown>]> = {
  'agents.register': ['agent.registered', () => ({ name: 'laptop' })],
  'agents.rotateToken': ['agent.token_rotated', ({ agentId }) => ({ id: agentId })],
  'apiKeys.create': ['api_key.created', () => ({ name: 'ci' })],
  'apiKeys.revoke': ['api_key.revoked', ({ apiKeyId }) => ({ id: apiKeyId })],
  'services.register': [
    'service.registered',
    ({ agentId }) => ({ agentId, name: 'web', targetHost: 'localhost', targetPort: 80 }),
  ],
  'services.registerExternal': [
    'service.registered',
    () => ({ name: 'db', targetHost: 'db.example.com', targetPort: 5432 }),
  ],
  'shares.create': ['share.created', ({ serviceId }) => ({ serviceId, name: 'demo' })],
  'shares.update': ['share.updated', ({ shareId }) => ({ id: shareId, allowedMethods: ['GET'] })],
  'shares.rotate': ['share.rotated', ({ shareId }) => ({ id: shareId })],
  'webhooks.create': ['webhook.created', () => ({ url: 'https://example.com/hook' })],
  'webhooks.update': ['webhook.updated', ({ webhookId }) => ({ id: webhookId, description: 'x' })],
  'webhooks.rotateSecret': ['webhook.secret_rotated', ({ webhookId }) => ({ id: webhookId })],
  'webhooks.test': ['webhook.tested', ({ webhookId }) => ({ id: webhookId })],
  'webhooks.redeliver': ['webhook.redelivered', ({ deliveryId }) => ({ id: deliveryId })],
  'webhooks.redeliverMany': ['webhook.redelivered', ({ webhookId }) => ({ id: webhookId })],
  'webhooks.delete': ['webhook.deleted', ({ webhookId }) => ({ id: webhookId })],
  'workspace.update': ['workspace.updated', () => ({ policy: { hideTarget: true } })],
  'shares.revoke': ['share.revoked', ({ shareId }) => ({ id: shareId })],
  'apiKeys.setIpRestrictions': [
    'api_key.restricted',
    ({ apiKeyId }) => ({ id: apiKeyId, allowedIpRanges: ['203.0.113.0/24'] }),
  ],
  'services.update': ['service.updated', ({ serviceId }) => ({ id: serviceId, targetPort: 4000 })],
  'services.setCredentials': [
    'service.credentials_set',
    ({ serviceId }) => ({ id: serviceId, username: 'auditor', password: 'canary-password' }),
  ],
  'services.removeCredentials': ['service.credentials_removed', ({ serviceId }) => ({ id: serviceId })],
  'services.delete': ['service.deleted', ({ serviceId }) => ({ id: serviceId })],
  'agents.delete': ['agent.deleted', ({ agentId }) => ({ id: agentId })],
  'sessions.end': ['session.ended', ({ sessionId }) => ({ id: sessionId })],
  'sessions.endOthers': ['session.others_ended', () => ({})],
  'auth.logout': ['session.ended', () => ({})],
}

/** Nobody is signed in yet, so there is no workspace to write to; the sign-in itself leaves its row. */
const beforeSignIn = new Set(['auth.register', 'auth.login', 'auth.inspectLink'])

/**
 * A check changes nothing of its owner's; device-sign-in.test.ts has what devices leave; what is asked of a database is
 * recorded word for word, in a list of its own, before it runs.
 */
const otherwise = new Set(['services.check', 'devices.code', 'devices.verify', 'shares.ask'])

it('names every operation that changes something', () => {
  const writes = restOperations
    .filter(({ id, method }) => method !== 'GET' && !beforeSignIn.has(id) && !otherwise.has(id))
    .map(({ id }) => id)
  expect(Object.keys(actions).sort()).toEqual(writes.sort())
})

describe.each(Object.entries(actions))('%s', (id, [action, input]) => {
  it('leaves one row', async () => {
    const before = await rowsOf(owner.workspaceId)
    const { status, body } = await api.call(owner.session, id, input(owner))
    expect(status).toBeLessThan(300)
    const added = (await rowsOf(owner.workspaceId)).slice(before.length)
    expect(added).toHaveLength(1)
    expect(added[0]).toMatchObject({
      action,
      actorKind: 'user',
      actorId: owner.userId,
      ipAddress: '203.0.113.9',
    })
    expect(JSON.stringify(body)).toContain(
      /^(auth|sessions)\.|redeliverMany/.test(id) || /revoked|deleted/.test(action)
        ? 'true'
        : added[0]?.subjectId,
    )
    expect(await verifyAuditChain(api.db, owner.workspaceId)).toBeNull()
  })
})

describe('an action that is undone', () => {
  it('leaves no row, and an audit row that cannot be written undoes its action', async () => {
    const { workspaceId, shareId } = stranger
    expect((await api.call(stranger.key, 'shares.revoke', { id: owner.shareId })).status).toBe(404)
    expect(await rowsOf(workspaceId)).toEqual([])
    await api.db.client.$executeRawUnsafe('ALTER TABLE audit_log RENAME TO audit_log_away')
    const { status } = await api.call(stranger.key, 'shares.revoke', { id: shareId })
    await api.db.client.$executeRawUnsafe('ALTER TABLE audit_log_away RENAME TO audit_log')
    expect(status).toBe(500)
    expect(api.changes).not.toContain(`share ${shareId}`)
    expect((await api.call(stranger.key, 'shares.get', { id: shareId })).body).toMatchObject({
      isActive: true,
    })
  })

  it('names a key as the actor where a key acted', async () => {
    await api.call(stranger.key, 'shares.revoke', { id: stranger.shareId })
    const row = (await rowsOf(stranger.workspaceId)).at(-1)
    expect(row).toMatchObject({ action: 'share.revoked', actorKind: 'api_key', actorId: stranger.apiKeyId })
  })

  it('records a sign-in, and reads leave nothing', async () => {
    const { token, workspaceId } = await issueOwnerSignIn(api.db)
    const before = await rowsOf(workspaceId)
    await api.call(anonymous, 'auth.verify', { token })
    const added = (await rowsOf(workspaceId)).slice(before.length)
    expect(added).toMatchObject([{ action: 'session.created', actorKind: 'user' }])
    for (const { id, method, access } of restOperations) {
      if (method === 'GET' && access === 'credential')
        await api.call(stranger.key, id, { id: stranger.shareId })
    }
    expect((await rowsOf(stranger.workspaceId)).at(-1)).toMatchObject({ action: 'share.revoked' })
  })
})
