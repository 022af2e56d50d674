// Guarantee (KEY-02, KEY-05, KEY-06, KEY-09, KEY-12, IP-01, IP-05, IP-06): a key is shown once, works from where its
// owner says and nowhere else, stops with its revocation, and noting its use never holds a request up.
import { setTimeout as delay } from 'node:timers/promises'
import { findApiKeyByHash } from '@private-connect/db'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hashToken, resolveCredential } from '../src/index.ts'
import { createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
})

interface Created {
  readonly id: string
  readonly key: string
  readonly prefix: string
}

async function createKey(name = 'production-key'): Promise<Created> {
  const { status, body, headers } = await api.call(owner.session, 'apiKeys.create', { name })
  expect(status).toBe(201)
  expect(headers['cache-control']).toBe('no-store')
  return body as Created
}

/** Who a request with this key from this address is, or the code of its refusal. */
async function useFrom(key: string, ipAddress: string): Promise<string> {
  const request = { headers: { 'x-api-key': key }, ipAddress, nowMs: Date.now(), checkCookieUse: () => {} }
  return resolveCredential(api.credentials, request).then(
    (credential) => credential?.kind ?? 'nobody',
    (error: { code: string }) => error.code,
  )
}

const restrict = (id: string, allowedIpRanges: unknown, caller: Caller = owner.session) =>
  api.call(caller, 'apiKeys.setIpRestrictions', { id, allowedIpRanges })

describe('an API key', () => {
  it('is shown when it is made and never again', async () => {
    const { id, key, prefix } = await createKey()
    expect(key).toMatch(/^pc_live_[a-z2-7]{26}$/)
    expect(prefix).toBe(key.slice(0, 12))
    const shown = { id, name: 'production-key', prefix, lastUsedAt: null, isActive: true }
    const list = await api.call(owner.session, 'apiKeys.list')
    const details = await api.call(owner.session, 'apiKeys.get', { id })
    expect((list.body as unknown[])[0]).toMatchObject(shown)
    expect(details.body).toEqual({ ...shown, createdAt: expect.any(String), allowedIpRanges: [] })
    expect(JSON.stringify([list.body, details.body])).not.toContain(key)
  })

  it('is refused from the next request on once it is revoked', async () => {
    const { id, key } = await createKey()
    expect(await useFrom(key, '203.0.113.9')).toBe('api_key')
    const revoked = await api.call(owner.session, 'apiKeys.revoke', { id })
    expect(revoked.body).toEqual({ success: true })
    expect(await useFrom(key, '203.0.113.9')).toBe('auth.invalid')
    expect((await api.call(owner.session, 'apiKeys.get', { id })).body).toMatchObject({ isActive: false })
  })

  it.each([
    ['', 400],
    [' '.repeat(3), 400],
    ['x'.repeat(50), 201],
    ['x'.repeat(51), 400],
    ['<b>x</b>', 201],
    ['🔑', 201],
    ['a\nb', 400],
  ])('named %j: %i', async (name, status) => {
    expect((await api.call(owner.session, 'apiKeys.create', { name })).status).toBe(status)
  })

  it('is never taken from the query or the body', async () => {
    const { key } = await createKey()
    for (const name of ['api_key', 'apiKey', 'x-api-key', 'key', 'token']) {
      expect((await api.call({}, 'agents.list', { [name]: key })).status).toBe(401)
      expect((await api.call({}, 'agents.register', { name: 'x', [name]: key })).status).toBe(401)
    }
  })
})

describe('the addresses that may use a key', () => {
  it('are those of its ranges, in one spelling, without duplicates', async () => {
    const { id, key } = await createKey()
    const { status, body } = await restrict(id, [
      '10.0.0.0/8',
      '::ffff:10.0.0.0/104',
      '192.168.1.0/24',
      '2001:DB8::/32',
      '203.0.113.7',
    ])
    expect(status).toBe(200)
    const ranges = ['10.0.0.0/8', '192.168.1.0/24', '2001:db8::/32', '203.0.113.7/32']
    expect(body).toMatchObject({ id, name: 'production-key', isActive: true, allowedIpRanges: ranges })
    expect((await api.call(owner.session, 'apiKeys.get', { id })).body).toEqual(body)
    for (const address of ['10.1.1.1', '::ffff:10.1.1.1', '2001:db8::9', '203.0.113.7']) {
      expect(await useFrom(key, address)).toBe('api_key')
    }
    for (const address of ['127.0.0.2', '11.0.0.1', '2001:db9::1', '203.0.113.8', '']) {
      expect(await useFrom(key, address)).toBe('auth.ip_not_allowed')
    }
  })

  it('are all again with an empty list, and may leave the owner out', async () => {
    const { id, key } = await createKey()
    expect((await restrict(id, ['10.0.0.0/8'])).status).toBe(200)
    expect(await useFrom(key, '203.0.113.9')).toBe('auth.ip_not_allowed')
    expect((await restrict(id, [])).body).toMatchObject({ allowedIpRanges: [] })
    expect(await useFrom(key, '203.0.113.9')).toBe('api_key')
  })

  it('may not be set by a key, not even its own', async () => {
    expect((await restrict(owner.apiKeyId, [], owner.key)).status).toBe(403)
  })

  it.each([
    '10.0.0.0/33',
    '10.0.0.1/8',
    '010.0.0.0/8',
    '10.0.0.0/08',
    '2001:db8::1/32',
    '::/129',
    '0x0a.0.0.0/8',
    '10.0.0/8',
    'localhost',
    '',
    '*',
  ])('are not %j, and the answer names it', async (range) => {
    const { id } = await createKey()
    const { status, body } = await restrict(id, ['10.0.0.0/8', range])
    expect(status).toBe(400)
    const [issue] = (body as { issues: Array<{ path: string; message: string }> }).issues
    expect(issue?.path).toBe('allowedIpRanges.1')
    expect(issue?.message).toContain(JSON.stringify(range))
    expect((await api.call(owner.session, 'apiKeys.get', { id })).body).toMatchObject({ allowedIpRanges: [] })
  })

  it('are at most 1,000 ranges', async () => {
    const { id, key } = await createKey()
    const many = Array.from({ length: 1001 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`)
    expect((await restrict(id, many)).status).toBe(400)
    expect((await restrict(id, many.slice(0, 1000))).status).toBe(200)
    expect(await useFrom(key, '10.3.231.9')).toBe('api_key')
    for (const wrong of ['10.0.0.0/8', null, [1], [null], [['10.0.0.0/8']], {}]) {
      expect((await restrict(id, wrong)).status).toBe(400)
    }
  })
})

describe('the last use of a key', () => {
  it('is noted once a minute, however often it is used', async () => {
    const { key } = await createKey()
    const lastUsedAt = async () => (await findApiKeyByHash(api.db, hashToken(key)))?.lastUsedAt ?? null
    await Promise.all(Array.from({ length: 50 }, () => useFrom(key, '203.0.113.9')))
    const first = await vi.waitFor(
      async () => {
        const at = await lastUsedAt()
        expect(at).not.toBeNull()
        return at
      },
      { timeout: 10_000 },
    )
    await useFrom(key, '203.0.113.9')
    await delay(50)
    expect(await lastUsedAt()).toEqual(first)
  })

  it('holds no request up while it cannot be written', async () => {
    const { id, key } = await createKey()
    const release = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const holder = api.db.client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM api_keys WHERE id = ${id} FOR UPDATE`
      locked.resolve()
      await release.promise
    })
    await locked.promise
    expect(await useFrom(key, '203.0.113.9')).toBe('api_key')
    expect(await useFrom(key, '203.0.113.9')).toBe('api_key')
    release.resolve()
    await holder
    await vi.waitFor(
      async () => expect((await findApiKeyByHash(api.db, hashToken(key)))?.lastUsedAt).not.toBeNull(),
      { timeout: 10_000 },
    )
  })
})
