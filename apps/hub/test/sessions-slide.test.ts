// Guarantee (AUTH-17): the cookie of a session that is used gets the session's new end, over REST and tRPC, and not on
// each request; a sign-out in the same request wins over it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'

const dayMs = 86_400_000
let hub: InnerHub
let cookie: string

beforeAll(async () => {
  hub = await startInnerHub()
  const signedIn = await fetch(`${hub.url}/v1/auth/verify?token=${hub.signInToken}`)
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}, 120_000)
afterAll(() => hub?.remove())

/** As if the session had last been used ten minutes ago. */
async function age(createdDaysAgo: number): Promise<void> {
  const { store, deps } = hub.hub
  await store.db.client.session.updateMany({
    data: {
      createdAt: new Date(Date.now() - createdDaysAgo * dayMs),
      lastSeenAt: new Date(Date.now() - 600_000),
    },
  })
  // What the hub knows of a session would be believed for a second.
  const { workspaceId } = await store.db.client.session.findFirstOrThrow()
  deps.credentials.forget(workspaceId)
}

const cookiesOf = async (path: string, method = 'GET') =>
  (await fetch(hub.url + path, { method, headers: { cookie } })).headers.getSetCookie()

describe('the cookie', () => {
  it('is renewed when the session slides, and not again within the minute', async () => {
    expect(await cookiesOf('/v1/auth/me')).toEqual([])
    await age(10)
    expect(await cookiesOf('/v1/auth/me')).toEqual([
      `${cookie}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    ])
    expect(await cookiesOf('/v1/auth/me')).toEqual([])
    await age(10)
    expect(await cookiesOf('/trpc/auth.me?input=%7B%22json%22%3A%7B%7D%7D')).toHaveLength(1)
  })

  it('never outlives the ninety days', async () => {
    await age(80)
    const [renewed = ''] = await cookiesOf('/v1/auth/me')
    const maxAgeSeconds = Number(/Max-Age=(\d+)/.exec(renewed)?.[1])
    expect(maxAgeSeconds).toBeGreaterThan((10 * dayMs) / 1000 - 600)
    expect(maxAgeSeconds).toBeLessThanOrEqual((10 * dayMs) / 1000)
  })

  it('is only removed by a sign-out, also when the session just slid', async () => {
    await age(10)
    expect(await cookiesOf('/v1/auth/logout', 'POST')).toEqual([
      'session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ])
  })
})
