// Guarantee: a sign-in link works once and for 15 minutes, whoever else uses it at that moment; the session that it
// opens is new, ends with logout, and its cookie is the documented one (SPEC §4).
import { describe, expect, it } from 'vitest'
import { createMagicLink } from '@private-connect/db'
import { hashToken, issueApiKey, issueOwnerSignIn, mintToken } from '../src/index.ts'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

const api = await createTestApi()

const cookieOf = (headers: Readonly<Record<string, string | readonly string[]>>): string =>
  [headers['set-cookie']].flat()[0] ?? ''
const callerOf = (cookie: string): Caller => ({ cookie: cookie.split(';')[0] ?? '' })

describe('the first run', () => {
  it('makes one owner, and a link that signs in', async () => {
    const [first, second] = [await issueOwnerSignIn(api.db), await issueOwnerSignIn(api.db)]
    expect([first.isNewOwner, second.isNewOwner]).toEqual([true, false])
    expect(second.workspaceId).toBe(first.workspaceId)
    const { status, headers, body } = await api.call(anonymous, 'auth.verify', { token: first.token })
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      user: { id: expect.stringMatching(/^user_/), email: 'owner@localhost' },
      workspace: { id: first.workspaceId, name: 'my-workspace' },
      isNewUser: false,
    })
    expect(headers['cache-control']).toBe('no-store')
    expect(cookieOf(headers)).toMatch(
      /^session=sess_[a-z2-7]{32}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    )
    const { workspaceId } = first
    const { key } = await issueApiKey(api.db, { workspaceId, name: 'first', createdByUserId: null })
    expect((await api.call({ 'x-api-key': key }, 'agents.list')).status).toBe(200)
    expect((await api.call(callerOf(cookieOf(headers)), 'apiKeys.list')).body).toHaveLength(1)
  })
})

describe('a link', () => {
  it('signs in one of 50 at once', async () => {
    const { token } = await issueOwnerSignIn(api.db)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => api.call(anonymous, 'auth.verify', { token })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 200)
    expect(new Set(others.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1)
    expect(others[0]?.body).toMatchObject({ statusCode: 401, code: 'auth.link_invalid' })
    expect(others.every(({ headers }) => headers['set-cookie'] === undefined)).toBe(true)
  })

  it('ends after its time, and one that is unknown is answered alike', async () => {
    const expired = mintToken('magicLink')
    const tenant = await createTenant(api, 'late')
    await createMagicLink(api.db, {
      tokenHash: hashToken(expired),
      purpose: 'login',
      email: tenant.email,
      expiresAt: new Date(Date.now() - 1),
    })
    const late = await api.call(anonymous, 'auth.verify', { token: expired })
    const unknown = await api.call(anonymous, 'auth.verify', { token: mintToken('magicLink') })
    const nonsense = await api.call(anonymous, 'auth.verify', { token: 'nonsense\0' })
    expect([late.status, unknown.status, nonsense.status]).toEqual([401, 401, 401])
    expect(late.body).toEqual(unknown.body)
    expect(nonsense.body).toEqual(unknown.body)
  })

  it.each([
    ['login', 'known@example.com', false],
    ['register', 'new@example.com', true],
  ] as const)('of purpose %s signs %s in', async (purpose, email, isNewUser) => {
    await createTenant(api, 'known').catch(() => null)
    const token = mintToken('magicLink')
    await createMagicLink(api.db, {
      tokenHash: hashToken(token),
      purpose,
      email,
      workspaceName: 'chosen',
      expiresAt: new Date(Date.now() + 60_000),
    })
    const { status, body } = await api.call(anonymous, 'auth.verify', { token })
    expect([status, body]).toMatchObject([200, { user: { email }, isNewUser }])
  })

  it('of purpose login does nothing for an address without a user', async () => {
    const token = mintToken('magicLink')
    const expiresAt = new Date(Date.now() + 60_000)
    await createMagicLink(api.db, {
      tokenHash: hashToken(token),
      purpose: 'login',
      email: 'no@one',
      expiresAt,
    })
    expect((await api.call(anonymous, 'auth.verify', { token })).status).toBe(401)
  })
})

describe('a session', () => {
  it('ignores one that was there before (AUTH-10), and ends with logout (AUTH-17)', async () => {
    const fixed = mintToken('session')
    const { token } = await issueOwnerSignIn(api.db)
    const { headers } = await api.call({ cookie: `session=${fixed}` }, 'auth.verify', { token })
    const session = callerOf(cookieOf(headers))
    expect(session['cookie']).not.toContain(fixed)
    expect((await api.call({ cookie: `session=${fixed}` }, 'auth.me')).status).toBe(401)
    expect((await api.call(session, 'auth.me')).status).toBe(200)
    const ended = await api.call(session, 'auth.logout')
    expect([ended.status, ended.body]).toEqual([200, { success: true }])
    expect(cookieOf(ended.headers)).toBe('session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure')
    expect((await api.call(session, 'auth.me')).status).toBe(401)
  })

  it('is a credential as Bearer too, as devices send it', async () => {
    const { session } = await createTenant(api, 'device')
    const bearer = { authorization: `Bearer ${session['cookie']?.slice('session='.length)}` }
    expect((await api.call(bearer, 'apiKeys.list')).status).toBe(200)
  })

  it('does not get in the way of public operations when it is stale', async () => {
    const { shareToken } = await createTenant(api, 'public')
    const stale = { cookie: `session=${mintToken('session')}` }
    expect((await api.call(stale, 'shares.info', { token: shareToken })).status).toBe(200)
    expect((await api.call(stale, 'shares.list')).status).toBe(401)
  })
})
