// Guarantee (AUTH-15, KEY-05, IP-01): credentials of two workspaces are refused and never mixed; a key is taken from
// its header only and from the addresses that it may be used from; a cookie is asked about before it counts.
import { AppError } from '@private-connect/errors'
import { setApiKeyIpRanges } from '@private-connect/db'
import { describe, expect, it, vi } from 'vitest'
import { authenticateAgent, createCredentialCache, resolveCredential } from '../src/index.ts'
import { createTestApi, findOperation } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'owner')
const stranger = await createTenant(api, 'stranger')

const request = { ipAddress: '203.0.113.9', nowMs: Date.now(), checkCookieUse: (): void => {} }

describe('a key and a session together', () => {
  it('are refused when they belong to different workspaces', async () => {
    const { status, body } = await api.call({ ...owner.key, ...stranger.session }, 'shares.list')
    expect([status, body]).toMatchObject([400, { code: 'auth.ambiguous' }])
  })

  it('act as the user when they belong together', async () => {
    const credential = await resolveCredential(createCredentialCache(api.db), {
      ...request,
      headers: { ...owner.key, ...owner.session },
    })
    expect(credential).toMatchObject({
      kind: 'session',
      userId: owner.userId,
      workspaceId: owner.workspaceId,
    })
  })

  it('are refused when one of them is not valid', async () => {
    expect((await api.call({ ...owner.revokedKey, ...owner.session }, 'shares.list')).status).toBe(401)
  })
})

describe('a key', () => {
  it('in the query or the body is none', async () => {
    const ctx = () => api.contextOf({})
    const key = owner.key['x-api-key'] ?? ''
    const query = { 'x-api-key': key, api_key: key }
    expect(
      (await findOperation('shares.list').invoke(ctx(), { params: {}, query, body: undefined })).status,
    ).toBe(401)
    const body = { name: 'x', apiKey: key }
    expect(
      (await findOperation('agents.register').invoke(ctx(), { params: {}, query: {}, body })).status,
    ).toBe(401)
  })

  it('works from its addresses only', async () => {
    const ref = { workspaceId: owner.workspaceId, apiKeyId: owner.apiKeyId }
    await setApiKeyIpRanges(api.db, { ...ref, allowedIpRanges: ['10.0.0.0/8'] })
    const ask = (ipAddress: string) =>
      resolveCredential(createCredentialCache(api.db), { ...request, headers: owner.key, ipAddress })
    await expect(ask('203.0.113.9')).rejects.toMatchObject({ code: 'auth.ip_not_allowed' })
    await expect(ask('10.1.2.3')).resolves.toMatchObject({
      kind: 'api_key',
      id: owner.apiKeyId,
      userId: null,
    })
    await setApiKeyIpRanges(api.db, { ...ref, allowedIpRanges: [] })
  })

  it('notes its use at most once a minute', async () => {
    const headers = stranger.key
    const lastUsedAt = async () =>
      (await api.db.client.apiKey.findUniqueOrThrow({ where: { id: stranger.apiKeyId } })).lastUsedAt
    await resolveCredential(createCredentialCache(api.db), { ...request, headers })
    // It is noted beside the answer, not before it.
    await vi.waitFor(async () => expect(await lastUsedAt()).not.toBeNull(), { timeout: 10_000 })
    const first = await lastUsedAt()
    await resolveCredential(createCredentialCache(api.db), { ...request, headers })
    expect(await lastUsedAt()).toEqual(first)
  })
})

describe('a cookie', () => {
  const refuse = (): never => {
    throw new AppError('auth.cross_site')
  }

  it('counts only where the hub lets it', async () => {
    const refused = resolveCredential(createCredentialCache(api.db), {
      ...request,
      headers: owner.session,
      checkCookieUse: refuse,
    })
    await expect(refused).rejects.toMatchObject({ code: 'auth.cross_site' })
  })

  it('is not asked about where a key or a Bearer session is used', async () => {
    const bearer = { authorization: `Bearer ${owner.session['cookie']?.slice('session='.length)}` }
    for (const headers of [owner.key, bearer]) {
      const credential = await resolveCredential(createCredentialCache(api.db), {
        ...request,
        headers,
        checkCookieUse: refuse,
      })
      expect(credential?.workspaceId).toBe(owner.workspaceId)
    }
  })
})

describe('an agent', () => {
  it('is known by its current token, which is no credential for the API', async () => {
    expect((await authenticateAgent(api.db, owner.agentToken)).id).toBe(owner.agentId)
    const { body } = await api.call(owner.key, 'agents.rotateToken', { id: owner.agentId })
    await expect(authenticateAgent(api.db, owner.agentToken)).rejects.toMatchObject({ code: 'auth.invalid' })
    const { token } = body as { token: string }
    expect((await authenticateAgent(api.db, token)).id).toBe(owner.agentId)
    await expect(authenticateAgent(api.db, 'nonsense')).rejects.toMatchObject({ code: 'auth.invalid' })
    expect((await api.call({ authorization: `Bearer ${token}` }, 'shares.list')).status).toBe(401)
    expect((await api.call({ 'x-api-key': token }, 'shares.list')).status).toBe(401)
  })
})
