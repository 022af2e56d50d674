// Guarantee (SPEC §7): the owner of a database share asks it without its link, by the very rules of its visitors: masked, read-only,
// counted with them, recorded under who asked before it runs; leaving, revoking and narrowing cancel it on the server, and so does
// the end of the credential that asked, within a second (SPEC §4).
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createOwnerApiKey, createOwnerSignIn } from '../src/sign-in/local-owner.ts'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { askShare, registerDatabase, shareDatabase, type DatabaseShare } from './kit/shared-database.ts'
import { startTargetDatabase, type TargetDatabase } from './kit/target-database.ts'

type Body = Record<string, unknown>

let target: TargetDatabase
let hub: InnerHub
let serviceId: string
let share: DatabaseShare

beforeAll(async () => {
  target = await startTargetDatabase()
  hub = await startInnerHub({ SHARE_QUERIES_PER_MIN: '20', API_REQUESTS_PER_MIN: '100000' })
  serviceId = await registerDatabase(hub, target)
  share = await shareDatabase(hub, serviceId, { maskedColumns: ['users.email'] })
}, 120_000)
afterAll(async () => {
  await hub?.remove()
  await target?.stop()
})

const ask = (query: string, id = share.id) => hub.api<Body>('POST', `/v1/shares/${id}/query`, { query })
const queriesOf = async (id: string) =>
  (await hub.api<{ queries: Body[] }>('GET', `/v1/shares/${id}/queries`)).body.queries
const sleeping = "SELECT count(*) FROM generate_series(1, 1e9) AS n WHERE n::text LIKE '%x'"

/** What runs on the target for the auditor. */
async function runningQueries(): Promise<number> {
  const text =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'auditor' AND state = 'active'"
  const { rows } = await target.admin.pool.query<{ n: number }>(text)
  return rows[0]?.n ?? -1
}

describe('an owner’s question', () => {
  it('is answered as a visitor’s is', async () => {
    const query = 'SELECT id, email FROM users ORDER BY id LIMIT 2'
    const [own, visitors] = [await ask(query), await askShare(hub.url, share.token, { query })]
    expect(own.status).toBe(200)
    expect({ ...own.body, durationMs: 0 }).toEqual({ ...visitors.body, durationMs: 0 })
    expect(JSON.stringify(own.body)).not.toContain('user1@example.com')
  })

  it('is recorded under who asked, and a visitor’s is not', async () => {
    const [visitors, own] = await queriesOf(share.id)
    expect(own).toMatchObject({ actorId: expect.stringMatching(/^key_/), visitorId: null, outcome: 'ok' })
    expect(visitors).toMatchObject({ actorId: null, visitorId: expect.any(String), outcome: 'ok' })
  })

  it.each([
    ["INSERT INTO notes (text) VALUES ('x')", 'query.refused'],
    ['SELECT nothing FROM users', 'query.failed'],
    ["SELECT * FROM users WHERE email = 'user1@example.com'", 'query.refused'],
  ])('%s is refused as a visitor’s is', async (query, code) => {
    const [own, visitors] = [await ask(query), await askShare(hub.url, share.token, { query })]
    expect(own.body).toMatchObject({ code, message: visitors.body['message'] })
    expect(own.body['query']).toEqual(visitors.body['query'])
  })

  it('counts among the visitors’ queries', async () => {
    const limited = await shareDatabase(hub, serviceId, { rateLimitPerMin: 2 })
    expect((await askShare(hub.url, limited.token, { query: 'SELECT 1' })).status).toBe(200)
    expect((await ask('SELECT 1', limited.id)).status).toBe(200)
    expect(await ask('SELECT 1', limited.id)).toMatchObject({
      status: 429,
      body: { code: 'share.rate_limited' },
    })
  })

  it('of a share that is no database, or has ended, is refused', async () => {
    const { body } = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
      name: 'web',
      targetHost: '127.0.0.1',
      targetPort: 8080,
      protocol: 'http',
    })
    const web = await shareDatabase(hub, body.service.id)
    expect((await ask('SELECT 1', web.id)).body).toMatchObject({ code: 'query.no_database' })
    const ended = await shareDatabase(hub, serviceId)
    await hub.api('DELETE', `/v1/shares/${ended.id}`)
    expect((await ask('SELECT 1', ended.id)).body).toMatchObject({ code: 'share.inactive' })
    expect((await ask('SELECT 1', 'share_00000000000000000000000000')).status).toBe(404)
  })
})

const isCancelled = () => vi.waitFor(async () => expect(await runningQueries()).toBe(0), 10_000)

describe('a question that runs', () => {
  const begin = async (id: string, signal = new AbortController().signal) => {
    const answer = fetch(`${hub.url}/v1/shares/${id}/query`, {
      method: 'POST',
      headers: { 'x-api-key': hub.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ query: sleeping }),
      signal,
    })
    answer.catch(() => {})
    await vi.waitFor(async () => expect(await runningQueries()).toBe(1), 10_000)
    return { answer }
  }

  it.each([
    ['its share is revoked', (id: string) => hub.api('DELETE', `/v1/shares/${id}`)],
    [
      'its share masks more',
      (id: string) => hub.api('PATCH', `/v1/shares/${id}`, { maskedColumns: ['users.id'] }),
    ],
  ])('is cancelled on the server when %s', async (_when, end) => {
    const { id } = await shareDatabase(hub, serviceId)
    const { answer } = await begin(id)
    await end(id)
    await isCancelled()
    expect(await (await answer).json()).toMatchObject({ code: 'share.inactive' })
    expect((await queriesOf(id))[0]).toMatchObject({ outcome: 'cancelled' })
  })

  it('is cancelled on the server when its share ends by itself', async () => {
    const expiresAt = new Date(Date.now() + 3_000).toISOString()
    const { id } = await shareDatabase(hub, serviceId, { expiresAt })
    const { answer } = await begin(id)
    await isCancelled()
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
    expect(await (await answer).json()).toMatchObject({ code: 'share.inactive' })
  })

  it('is cancelled on the server when its asker leaves', async () => {
    const { id } = await shareDatabase(hub, serviceId)
    const leaving = new AbortController()
    await begin(id, leaving.signal)
    leaving.abort()
    await isCancelled()
    await vi.waitFor(async () => expect((await queriesOf(id))[0]).toMatchObject({ outcome: 'cancelled' }), {
      timeout: 10_000,
    })
  })
})

describe('a question whose credential ends', () => {
  type Headers = Readonly<Record<string, string>>
  interface Credential {
    readonly asked: Headers
    readonly end: () => Promise<unknown>
  }

  /** A session of the owner's. */
  async function signIn(): Promise<string> {
    const path = `/v1/auth/verify?token=${await createOwnerSignIn(hub.hub.store.db)}`
    const verified = await fetch(hub.url + path, { headers: { 'sec-fetch-site': 'same-origin' } })
    const session = /session=(sess_\w+)/.exec(verified.headers.getSetCookie().join())?.[1]
    if (session === undefined) throw new Error(`The owner could not sign in: ${verified.status}`)
    return session
  }

  const call = async (headers: Headers, [method, path, body]: readonly [string, string, object?]) =>
    fetch(hub.url + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const askByRest = async (id: string, headers: Headers) =>
    call(headers, ['POST', `/v1/shares/${id}/query`, { query: sleeping }])
  const askByTrpc = async (id: string, headers: Headers) =>
    call(headers, ['POST', '/trpc/shares.ask', { json: { id, query: sleeping } }])

  /** A key, and what its owner does to it. */
  async function makeKey(
    change: (id: string) => readonly [string, string, object?] | (() => Promise<unknown>),
  ): Promise<Credential> {
    const key = await createOwnerApiKey(hub.hub.store.db)
    const { id } = await hub.hub.store.db.client.apiKey.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })
    const owner = { authorization: `Bearer ${await signIn()}` }
    const what = change(id)
    const end = typeof what === 'function' ? what : async () => call(owner, what)
    return { asked: { 'x-api-key': key }, end }
  }

  async function makeSession(): Promise<Credential> {
    const session = await signIn()
    const asOwner = { cookie: `session=${session}`, 'sec-fetch-site': 'same-origin' }
    return {
      asked: { authorization: `Bearer ${session}` },
      end: async () => call(asOwner, ['POST', '/v1/auth/logout']),
    }
  }

  const keysInStore = () => hub.hub.store.db.client.apiKey
  const ways = [
    ['key is revoked', async () => makeKey((id) => ['DELETE', `/v1/api-keys/${id}`]), 'auth.invalid'],
    [
      'key is revoked by another node',
      async () =>
        makeKey((id) => async () => keysInStore().update({ where: { id }, data: { revokedAt: new Date() } })),
      'auth.invalid',
    ],
    [
      'key is restricted to other addresses',
      async () =>
        makeKey((id) => [
          'PUT',
          `/v1/api-keys/${id}/ip-restrictions`,
          { allowedIpRanges: ['198.51.100.0/24'] },
        ]),
      'auth.ip_not_allowed',
    ],
    ['session signs out', makeSession, 'auth.invalid'],
  ] as const

  it.each(ways)('is cancelled on the server when its %s, over both doors', async (_when, make, code) => {
    const [{ id }, { asked, end }] = [await shareDatabase(hub, serviceId), await make()]
    const answers = [askByRest(id, asked), askByTrpc(id, asked)] as const
    await vi.waitFor(async () => expect(await runningQueries()).toBe(2), 10_000)
    await end()
    await isCancelled()
    const [byRest, byTrpc] = await Promise.all(answers)
    expect(await byRest.json()).toMatchObject({ code })
    expect(await byTrpc.json()).toMatchObject({ error: { json: { data: { code } } } })
    expect([byRest.status, byTrpc.status]).toEqual(code === 'auth.invalid' ? [401, 401] : [403, 403])
    const records = await queriesOf(id)
    expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled'])
  })

  it('takes nothing from what others of the workspace ask', async () => {
    const [{ id }, ended] = [
      await shareDatabase(hub, serviceId),
      await makeKey((key) => ['DELETE', `/v1/api-keys/${key}`]),
    ]
    const answer = askByRest(id, ended.asked)
    const leaving = new AbortController()
    const other = fetch(`${hub.url}/v1/shares/${id}/query`, {
      method: 'POST',
      headers: { 'x-api-key': hub.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ query: sleeping }),
      signal: leaving.signal,
    })
    other.catch(() => {})
    await vi.waitFor(async () => expect(await runningQueries()).toBe(2), 10_000)
    await ended.end()
    expect((await answer).status).toBe(401)
    // The server is told to cancel when the answer leaves, and hears of it a moment later.
    await vi.waitFor(async () => expect(await runningQueries()).toBe(1), 10_000)
    expect(await Promise.race([other, Promise.resolve('still runs')])).toBe('still runs')
    leaving.abort()
    await isCancelled()
  })
})
