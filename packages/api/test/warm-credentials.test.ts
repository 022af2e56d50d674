// Guarantee (KEY-06, IP-01, AUTH-17): a key or session that was used a moment ago and is known without asking is
// refused from the very next request on once it is ended or restricted; what is asked of each request still is.
import { AppError } from '@private-connect/errors'
import { setApiKeyIpRanges } from '@private-connect/db'
import { beforeEach, expect, it } from 'vitest'
import { createCredentialCache, resolveCredential } from '../src/index.ts'
import { createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
})

const statusOf = async (caller: Caller): Promise<number> => (await api.call(caller, 'workspace.get')).status

/** Known from here on: nothing but the cache can have answered, since the database knows better. */
async function expectWarm(caller: Caller): Promise<void> {
  expect([await statusOf(caller), await statusOf(caller)]).toEqual([200, 200])
}

it('is what the tests below begin with', async () => {
  await expectWarm(owner.key)
  await setApiKeyIpRanges(api.db, {
    workspaceId: owner.workspaceId,
    apiKeyId: owner.apiKeyId,
    allowedIpRanges: ['10.0.0.0/8'],
  })
  expect(await statusOf(owner.key)).toBe(200)
  api.credentials.forget(owner.workspaceId)
  expect(await statusOf(owner.key)).toBe(403)
})

it('a revoked key gets 401', async () => {
  await expectWarm(owner.key)
  expect((await api.call(owner.session, 'apiKeys.revoke', { id: owner.apiKeyId })).status).toBe(200)
  expect(await statusOf(owner.key)).toBe(401)
})

it('a restricted key gets 403, and may again when its ranges are taken away', async () => {
  const restrict = (allowedIpRanges: string[]) =>
    api.call(owner.session, 'apiKeys.setIpRestrictions', { id: owner.apiKeyId, allowedIpRanges })
  await expectWarm(owner.key)
  expect((await restrict(['10.0.0.0/8'])).status).toBe(200)
  expect(await statusOf(owner.key)).toBe(403)
  await restrict([])
  expect(await statusOf(owner.key)).toBe(200)
})

it('a session that signs out gets 401', async () => {
  await expectWarm(owner.session)
  expect((await api.call(owner.session, 'auth.logout')).status).toBe(200)
  expect(await statusOf(owner.session)).toBe(401)
})

it('the address and the origin of each request count, however well its credential is known', async () => {
  const known = createCredentialCache(api.db)
  const ref = { workspaceId: owner.workspaceId, apiKeyId: owner.apiKeyId }
  await setApiKeyIpRanges(api.db, { ...ref, allowedIpRanges: ['10.0.0.0/8'] })
  const request = { nowMs: Date.now(), checkCookieUse: (): void => {} }
  const from = (ipAddress: string) => resolveCredential(known, { ...request, headers: owner.key, ipAddress })
  await expect(from('10.0.0.1')).resolves.toMatchObject({ id: owner.apiKeyId })
  await expect(from('11.0.0.1')).rejects.toMatchObject({ code: 'auth.ip_not_allowed' })
  const asCookie = (checkCookieUse: () => void) =>
    resolveCredential(known, { ...request, headers: owner.session, ipAddress: '10.0.0.1', checkCookieUse })
  await expect(asCookie(() => {})).resolves.toMatchObject({ userId: owner.userId })
  const refuse = (): never => {
    throw new AppError('auth.cross_site')
  }
  await expect(asCookie(refuse)).rejects.toMatchObject({ code: 'auth.cross_site' })
})

it('a session that ends by itself while it is known is nothing from then on', async () => {
  const known = createCredentialCache(api.db)
  const use = () =>
    resolveCredential(known, {
      headers: owner.session,
      ipAddress: '10.0.0.1',
      nowMs: Date.now(),
      checkCookieUse: () => {},
    })
  const endsAt = new Date(Date.now() + 400)
  await api.db.client.session.updateMany({ where: { userId: owner.userId }, data: { expiresAt: endsAt } })
  await use()
  await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(endsAt.getTime())
  await expect(use()).rejects.toMatchObject({ code: 'auth.invalid' })
})
