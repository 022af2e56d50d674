// Guarantee (AUTH-17): a user sees where they are signed in, ends one session or all others, and what is ended is
// nothing from its next request on; nobody ends or sees another's.
import { createSession } from '@private-connect/db'
import { beforeEach, expect, it } from 'vitest'
import { hashToken, mintToken } from '../src/index.ts'
import { createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant

beforeEach(async () => {
  ;[owner, stranger] = [await createTenant(api), await createTenant(api)]
})

async function signInAgain(): Promise<Caller> {
  const token = mintToken('session')
  await createSession(api.db, {
    tokenHash: hashToken(token),
    userId: owner.userId,
    workspaceId: owner.workspaceId,
    kind: 'device',
    expiresAt: new Date(Date.now() + 3_600_000),
    ipAddress: '198.51.100.7',
  })
  return { authorization: `Bearer ${token}` }
}

const statusOf = async (caller: Caller): Promise<number> => (await api.call(caller, 'auth.me')).status

it('lists one’s own, newest first, and says which one asks', async () => {
  const iso = expect.stringMatching(/Z$/)
  const device = await signInAgain()
  const { status, body } = await api.call(device, 'sessions.list')
  expect(status).toBe(200)
  expect(body).toEqual([
    {
      id: expect.stringMatching(/^sid_/),
      kind: 'device',
      ipAddress: '198.51.100.7',
      userAgent: null,
      createdAt: iso,
      lastSeenAt: iso,
      expiresAt: iso,
      isCurrent: true,
    },
    expect.objectContaining({ id: owner.sessionId, isCurrent: false }),
    expect.objectContaining({ kind: 'browser', isCurrent: false }),
  ])
  expect(JSON.stringify(body)).not.toMatch(/sess_|hash/i)
})

it('ends one of them, and its next request is refused', async () => {
  const device = await signInAgain()
  const [{ id }] = (await api.call(device, 'sessions.list')).body as [{ id: string }]
  expect(await statusOf(device)).toBe(200)
  expect((await api.call(stranger.session, 'sessions.end', { id })).status).toBe(404)
  expect((await api.call(owner.key, 'sessions.end', { id })).status).toBe(403)
  expect(await statusOf(device)).toBe(200)
  expect((await api.call(owner.session, 'sessions.end', { id })).body).toEqual({ success: true })
  expect(await statusOf(device)).toBe(401)
  expect((await api.call(owner.session, 'sessions.end', { id })).status).toBe(404)
})

it('ends all others and stays', async () => {
  const device = await signInAgain()
  const { status, body } = await api.call(device, 'sessions.endOthers')
  expect([status, body]).toEqual([200, { success: true, endedCount: 2 }])
  expect([await statusOf(device), await statusOf(owner.session)]).toEqual([200, 401])
  expect(await statusOf(stranger.session)).toBe(200)
  expect((await api.call(device, 'sessions.endOthers')).body).toEqual({ success: true, endedCount: 0 })
})

it('may end the very session that asks, as logout does', async () => {
  const device = await signInAgain()
  const [{ id }] = (await api.call(device, 'sessions.list')).body as [{ id: string }]
  expect((await api.call(device, 'sessions.end', { id })).status).toBe(200)
  expect(await statusOf(device)).toBe(401)
})

it('tells every node of an ended session', async () => {
  const device = await signInAgain()
  await api.call(device, 'sessions.endOthers')
  await api.call(device, 'auth.logout')
  const told = await api.db.client.revocation.findMany({
    where: { workspaceId: owner.workspaceId, kind: 'session' },
  })
  expect(told).toHaveLength(3)
})
