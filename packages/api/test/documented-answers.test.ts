// Guarantee: the documentation's requests get the documented answers, field by field (reference/*.txt), as far as
// the operations exist. Fields that SPEC adds are named here too.
import { describe, expect, it } from 'vitest'
import { insertAccessLogs } from '@private-connect/db'
import { anonymous, createTestApi, linkUrl } from './kit/test-api.ts'
import { createTenant, visitTo } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'acme')
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const idOf = (prefix: string): unknown => expect.stringMatching(new RegExp(`^${prefix}_[0-9a-z]{26}$`))

describe('authentication.txt', () => {
  let keyId = ''
  let key = ''

  it('creates an API key, shown this once', async () => {
    const { status, headers, body } = await api.call(owner.session, 'apiKeys.create', {
      name: 'production-key',
    })
    expect(status).toBe(201)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toEqual({
      id: idOf('key'),
      name: 'production-key',
      key: expect.stringMatching(/^pc_live_[a-z0-9]{26}$/),
      prefix: expect.stringMatching(/^pc_live_[a-z0-9]{4}$/),
      createdAt: iso,
    })
    ;({ id: keyId, key } = body as { id: string; key: string })
  })

  it('lists API keys as a bare array', async () => {
    await api.call({ 'x-api-key': key }, 'agents.list')
    const { status, body } = await api.call(owner.session, 'apiKeys.list')
    expect(status).toBe(200)
    const [newest] = body as unknown[]
    expect(newest).toEqual({
      id: keyId,
      name: 'production-key',
      prefix: key.slice(0, 12),
      lastUsedAt: iso,
      createdAt: iso,
      isActive: true,
    })
    expect(JSON.stringify(body)).not.toContain(key)
  })

  it('gets an API key’s details', async () => {
    const { body } = await api.call(owner.session, 'apiKeys.get', { id: keyId })
    expect(body).toEqual({
      id: keyId,
      name: 'production-key',
      prefix: key.slice(0, 12),
      allowedIpRanges: [],
      lastUsedAt: iso,
      createdAt: iso,
      isActive: true,
    })
  })

  it('revokes an API key: the next request fails, and again is fine', async () => {
    expect((await api.call({ 'x-api-key': key }, 'agents.list')).status).toBe(200)
    const { status, body } = await api.call(owner.session, 'apiKeys.revoke', { id: keyId })
    expect([status, body]).toEqual([200, { success: true }])
    const after = await api.call({ 'x-api-key': key }, 'agents.list')
    expect([after.status, (after.body as { code: string }).code]).toEqual([401, 'auth.invalid'])
    expect((await api.call(owner.session, 'apiKeys.revoke', { id: keyId })).status).toBe(200)
    const details = await api.call(owner.session, 'apiKeys.get', { id: keyId })
    expect((details.body as { isActive: boolean }).isActive).toBe(false)
  })

  it('takes a key as Bearer too, and answers who calls', async () => {
    const bearer = { authorization: `Bearer ${owner.key['x-api-key']}` }
    const workspace = { id: owner.workspaceId, name: 'acme-workspace' }
    expect((await api.call(bearer, 'auth.me')).body).toEqual({ user: null, workspace })
    const user = { id: owner.userId, email: 'acme@example.com' }
    expect((await api.call(owner.session, 'auth.me')).body).toEqual({ user, workspace })
    expect((await api.call(owner.key, 'workspace.get')).body).toEqual({
      ...workspace,
      mailAlerts: { agentOffline: false, shareExpiring: false },
      policy: {
        maxExpirySeconds: null,
        allowsNeverExpiring: true,
        databasesReadOnly: false,
        hideTarget: false,
      },
      showsBranding: true,
      createdAt: iso,
    })
  })
})

describe('shares.txt', () => {
  let share: { id: string; token: string }

  it('creates a share', async () => {
    const { status, headers, body } = await api.call(owner.key, 'shares.create', {
      serviceId: owner.serviceId,
      name: 'contractor-access',
      description: 'Temporary database access for Q1 audit',
      expiresIn: '7d',
      allowedPaths: ['/api/*'],
      allowedMethods: ['GET', 'POST'],
      rateLimitPerMin: 100,
    })
    expect(status).toBe(201)
    expect(headers['cache-control']).toBe('no-store')
    ;({ share } = body as { share: typeof share })
    expect(body).toEqual({
      success: true,
      share: {
        id: idOf('share'),
        token: expect.stringMatching(/^share_tok_[a-z2-7]{26}$/),
        name: 'contractor-access',
        expiresAt: iso,
        shareUrl: `${linkUrl}/shared/${share.token}`,
        subdomainUrl: `https://${share.token.replaceAll('_', '-')}.share.example.com/`,
      },
    })
    const { expiresAt } = (body as { share: { expiresAt: string } }).share
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 7 * 86_400_000)).toBeLessThan(60_000)
  })

  it('lists a service’s shares with a preview where the token was', async () => {
    const { status, body } = await api.call(owner.session, 'shares.listOfService', {
      serviceId: owner.serviceId,
    })
    expect(status).toBe(200)
    const { shares } = body as { shares: unknown[] }
    const tokenPreview = `${share.token.slice(0, 13)}...`
    expect(shares[0]).toEqual({
      id: share.id,
      serviceId: owner.serviceId,
      name: 'contractor-access',
      description: 'Temporary database access for Q1 audit',
      tokenPreview,
      expiresAt: iso,
      revokedAt: null,
      isActive: true,
      allowedPaths: ['/api/*'],
      allowedMethods: ['GET', 'POST'],
      rateLimitPerMin: 100,
      allowWrites: false,
      maskedColumns: [],
      createdAt: iso,
      lastAccessedAt: null,
      accessCount: 0,
      shareUrl: `/shared/${tokenPreview}`,
    })
    expect(JSON.stringify(body)).not.toContain(share.token)
    expect((await api.call(owner.key, 'shares.get', { id: share.id })).body).toEqual(shares[0])
    const all = (await api.call(owner.key, 'shares.list')).body as { shares: unknown[] }
    expect(all.shares[0]).toEqual(shares[0])
  })

  it('gives anyone with the link its info', async () => {
    const { status, body } = await api.call(anonymous, 'shares.info', { token: share.token })
    expect(status).toBe(200)
    expect(body).toEqual({
      name: 'contractor-access',
      description: 'Temporary database access for Q1 audit',
      expiresAt: iso,
      workspaceName: 'acme-workspace',
      service: { name: 'acme-service', targetHost: 'localhost', targetPort: 3000, protocol: 'http' },
    })
  })

  it('reads the access log, and the share counts it', async () => {
    await insertAccessLogs(api.db, [
      visitTo({ workspaceId: owner.workspaceId, shareId: share.id, path: '/api/users' }),
    ])
    const { status, body } = await api.call(owner.session, 'shares.logs', { id: share.id })
    expect(status).toBe(200)
    expect(body).toEqual({
      logs: [
        {
          id: idOf('log'),
          shareId: share.id,
          ipAddress: '203.0.113.42',
          userAgent: 'Mozilla/5.0...',
          path: '/api/users',
          method: 'GET',
          statusCode: 200,
          latencyMs: 45,
          timestamp: iso,
          bytesIn: 0,
          bytesOut: 5120,
          denied: null,
          visitorId: null,
          suppressedCount: 0,
        },
      ],
    })
    const { body: counted } = await api.call(owner.key, 'shares.get', { id: share.id })
    expect(counted).toMatchObject({ accessCount: 1, lastAccessedAt: iso })
  })

  it('revokes a share, tells the hub after the commit, and does so again', async () => {
    const { status, body } = await api.call(owner.session, 'shares.revoke', { id: share.id })
    expect([status, body]).toEqual([200, { success: true }])
    expect(api.changes).toContain(`share ${share.id}`)
    const revoked = (await api.call(owner.key, 'shares.get', { id: share.id })).body as { revokedAt: string }
    expect(revoked).toMatchObject({ isActive: false, revokedAt: iso })
    expect((await api.call(owner.session, 'shares.revoke', { id: share.id })).status).toBe(200)
    expect((await api.call(owner.key, 'shares.get', { id: share.id })).body).toEqual(revoked)
  })

  it('answers 403 for an inactive share’s info, with one body, and 404 for an unknown one (TOK-09)', async () => {
    const revoked = await api.call(anonymous, 'shares.info', { token: share.token })
    api.setClock(Date.now() + 7_200_000)
    const expired = await api.call(anonymous, 'shares.info', { token: owner.shareToken })
    api.setClock(null)
    expect([revoked.status, expired.status]).toEqual([403, 403])
    expect(expired.body).toEqual(revoked.body)
    for (const token of ['share_tok_abcdefghijklmnopqrstuvwxyz', 'nonsense', '\0', '']) {
      expect((await api.call(anonymous, 'shares.info', { token })).status).toBe(404)
    }
  })

  it('hides the target where the workspace wants that', async () => {
    await api.db.client.workspace.update({ where: { id: owner.workspaceId }, data: { hidesTarget: true } })
    const { body } = await api.call(anonymous, 'shares.info', { token: owner.shareToken })
    expect((body as { service: unknown }).service).toEqual({
      name: 'acme-service',
      targetHost: null,
      targetPort: null,
      protocol: 'http',
    })
  })
})

describe('agents and services (SPEC §3)', () => {
  it('registers an agent, and shows its token this once', async () => {
    const { status, body } = await api.call(owner.key, 'agents.register', { name: 'laptop', label: 'Desk' })
    expect(status).toBe(201)
    const agent = {
      id: idOf('agent'),
      name: 'laptop',
      label: 'Desk',
      isOnline: false,
      lastSeenAt: null,
      connectedAt: null,
      version: null,
      createdAt: iso,
    }
    expect(body).toEqual({ success: true, agent, token: expect.stringMatching(/^agent_tok_[a-z2-7]{32}$/) })
    const { id } = (body as { agent: { id: string } }).agent
    api.onlineAgents.add(id)
    expect((await api.call(owner.key, 'agents.get', { id })).body).toEqual({ ...agent, isOnline: true })
    expect(((await api.call(owner.key, 'agents.list')).body as unknown[])[0]).toEqual({
      ...agent,
      isOnline: true,
    })
    const rotated = await api.call(owner.key, 'agents.rotateToken', { id })
    expect(rotated.status).toBe(200)
    expect((rotated.body as { token: string }).token).not.toBe((body as { token: string }).token)
    expect(api.changes).toContain(`agent ${id}`)
  })

  it('registers a service, updates it by name, and refuses another agent’s name', async () => {
    const target = { name: 'web', targetHost: 'localhost', targetPort: 3000 }
    const first = await api.call(owner.key, 'services.register', { agentId: owner.agentId, ...target })
    expect(first.status).toBe(200)
    const service = {
      id: idOf('svc'),
      agentId: owner.agentId,
      ...target,
      protocol: 'auto',
      engine: null,
      status: 'offline',
      isExternal: false,
      hasCredentials: false,
      allowsSelfSigned: false,
      createdAt: iso,
      lastCheckedAt: null,
    }
    expect(first.body).toEqual({ success: true, service })
    const { id } = (first.body as { service: { id: string } }).service
    api.onlineAgents.add(owner.agentId)
    const changed = { ...target, targetPort: 4000, protocol: 'http' }
    const second = await api.call(owner.key, 'services.register', { agentId: owner.agentId, ...changed })
    expect(second.body).toEqual({ success: true, service: { ...service, ...changed, id, status: 'active' } })
    expect(api.changes).toContain(`service ${id}`)
    const { body } = await api.call(owner.key, 'agents.register', { name: 'other' })
    const agentId = (body as { agent: { id: string } }).agent.id
    const taken = await api.call(owner.key, 'services.register', { agentId, ...target })
    expect([taken.status, (taken.body as { code: string }).code]).toEqual([409, 'service.name_taken'])
  })

  it('registers an external service', async () => {
    const target = { name: 'prod-db', targetHost: 'db.example.com', targetPort: 5432, protocol: 'tcp' }
    const { status, body } = await api.call(owner.key, 'services.registerExternal', target)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      success: true,
      service: { ...target, agentId: null, isExternal: true, status: 'unknown' },
    })
    const { id } = (body as { service: { id: string } }).service
    expect((await api.call(owner.key, 'services.get', { id })).body).toMatchObject(target)
  })
})
