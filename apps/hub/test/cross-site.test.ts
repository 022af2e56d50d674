// Guarantee (AUTH-12 to AUTH-16, AUTH-19, AUTH-20): a browser's cookie writes only for the hub's own pages, whatever the
// method, body or transport; credentials are never mixed; no other site reads an answer or frames a page.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { startSmtpServer, type SmtpServer } from './kit/smtp-server.ts'

let smtp: SmtpServer
let hub: TestHub
let cookie: string
let stranger: string

beforeAll(async () => {
  smtp = await startSmtpServer()
  hub = await startTestHub({
    SMTP_URL: smtp.url,
    MAIL_FROM: 'hub@example.com',
    ANONYMOUS_REQUESTS_PER_MIN: '100000',
    SIGN_IN_REQUESTS_PER_MIN: '100000',
  })
  cookie = await signIn('owner@example.com')
  stranger = await signIn('stranger@example.com')
}, 120_000)
afterAll(async () => {
  await hub?.remove()
  await smtp?.close()
})

type Headers = Record<string, string | string[]>

/** By node:http, since fetch sets some of these headers itself. */
async function send(method: string, path: string, { body, ...headers }: Headers & { body?: string }) {
  return new Promise<{ status: number; body: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request(hub.url + path, { method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
        )
      })
      sent.once('error', reject).end(body)
    },
  )
}

async function signIn(email: string): Promise<string> {
  const body = JSON.stringify({ email, workspaceName: 'my-workspace' })
  await send('POST', '/v1/auth/register', { 'content-type': 'application/json', body })
  const [, token] = (await smtp.waitForMail(email)).link.split('#')
  const { headers } = await send('GET', `/v1/auth/verify?token=${token}`, {})
  return (headers['set-cookie'] as string[])[0]?.split(';')[0] ?? ''
}

const json = 'application/json'
const keyCount = async (): Promise<number> => {
  const { body } = await send('GET', '/v1/api-keys', { cookie })
  return (JSON.parse(body) as unknown[]).length
}
const createKey = (headers: Headers, body = '{"name":"ci"}') =>
  send('POST', '/v1/api-keys', { cookie, 'content-type': json, ...headers, body })

const foreign: Array<[string, () => Headers]> = [
  ['Sec-Fetch-Site: cross-site', () => ({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })],
  ['Sec-Fetch-Site: cross-site with our Origin', () => ({ 'sec-fetch-site': 'cross-site', origin: hub.url })],
  ['Sec-Fetch-Site: same-site, a sister host', () => ({ 'sec-fetch-site': 'same-site' })],
  ['Sec-Fetch-Site: none', () => ({ 'sec-fetch-site': 'none' })],
  ['Sec-Fetch-Mode: no-cors', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })],
  ['another Origin alone', () => ({ origin: 'https://evil.example' })],
  ['Origin: null', () => ({ origin: 'null' })],
  ['our host on another port', () => ({ origin: 'http://127.0.0.1:1' })],
  ['a share’s own host', () => ({ origin: `http://share-tok-x.localhost:${hub.port}` })],
]

describe('a write with a cookie (AUTH-12)', () => {
  it.each(foreign)('is refused with %s', async (_, headersOf) => {
    const before = await keyCount()
    const writes = [
      await createKey(headersOf()),
      await send('DELETE', '/v1/api-keys/key_x', { cookie, ...headersOf() }),
      await send('DELETE', '/v1/sessions', { cookie, ...headersOf() }),
      await send('POST', '/v1/auth/logout', { cookie, ...headersOf() }),
      await send('POST', '/trpc/apiKeys.create', {
        cookie,
        'content-type': json,
        ...headersOf(),
        body: '{"json":{"name":"ci"}}',
      }),
    ]
    expect(writes.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
    for (const { body } of writes) expect(body).toContain('auth.cross_site')
    expect(await keyCount()).toBe(before)
  })

  it('is done for our own pages, and for curl, which sends neither header', async () => {
    const before = await keyCount()
    const own = { 'sec-fetch-site': 'same-origin', origin: hub.url }
    for (const headers of [own, { origin: hub.url }, {}]) expect((await createKey(headers)).status).toBe(201)
    expect(await keyCount()).toBe(before + 3)
  })

  it('may be read by a navigation from elsewhere, since reads change nothing', async () => {
    const headers = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect((await send('GET', '/v1/auth/me', headers)).status).toBe(200)
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'name=ci'],
    ['a form with files', 'multipart/form-data; boundary=x', '--x--'],
    ['JSON as text', 'text/plain', '{"name":"ci"}'],
  ])('is refused as %s', async (_, type, body) => {
    expect((await createKey({ 'content-type': type }, body)).status).toBe(415)
    expect(
      (await createKey({ 'content-type': type, origin: 'https://evil.example' }, body)).status,
    ).toBeGreaterThanOrEqual(400)
  })
})

describe('signing in', () => {
  it.each(foreign)('is refused with %s', async (_, headersOf) => {
    const before = smtp.received.length
    const body = '{"email":"owner@example.com","workspaceName":"mine"}'
    const headers = { 'content-type': json, ...headersOf() }
    const statuses = [
      await send('POST', '/v1/auth/register', { ...headers, body }),
      await send('POST', '/v1/auth/login', { ...headers, body: '{"email":"owner@example.com"}' }),
      await send('POST', '/v1/auth/link', { ...headers, body: '{"token":"x"}' }),
      await send('GET', '/v1/auth/verify?token=x', headersOf()),
    ].map(({ status, headers: answered }) => [status, answered['set-cookie']])
    expect(statuses).toEqual(Array.from({ length: 4 }, () => [403, undefined]))
    expect(smtp.received).toHaveLength(before)
  })

  it('is refused where a browser fetches for a person, as it does a link that is saved', async () => {
    const headers = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'no-cors' }
    const saved = await send('GET', '/v1/auth/verify?token=x', headers)
    const followed = await send('GET', '/v1/events/stream', { ...headers, cookie })
    expect([saved.status, followed.status]).toEqual([403, 403])
    expect(saved.headers['set-cookie']).toBeUndefined()
  })
})

describe('over tRPC (AUTH-13)', () => {
  const input = encodeURIComponent('{"json":{"name":"ci"}}')

  it('a mutation is refused by GET, by a form, and in a batch by another site', async () => {
    const before = await keyCount()
    const byGet = await send('GET', `/trpc/apiKeys.create?input=${input}`, { cookie })
    const byForm = await send('POST', '/trpc/apiKeys.create', {
      cookie,
      'content-type': 'application/x-www-form-urlencoded',
      body: 'name=ci',
    })
    const byText = await send('POST', '/trpc/apiKeys.create', {
      cookie,
      'content-type': 'text/plain',
      body: '{"json":{"name":"ci"}}',
    })
    const inBatch = await send('POST', '/trpc/apiKeys.create,auth.logout?batch=1', {
      cookie,
      'content-type': json,
      'sec-fetch-site': 'same-site',
      body: '{"0":{"json":{"name":"ci"}},"1":{"json":{}}}',
    })
    expect([byGet, byForm, byText].map(({ status }) => status)).toEqual([405, 415, 415])
    expect(inBatch.status).toBe(403)
    expect(inBatch.body).not.toContain('pc_live_')
    expect(await keyCount()).toBe(before)
  })
})

describe('the content type (AUTH-14)', () => {
  it.each([
    'application/json\ta',
    'application/json garbage',
    'application/jsonx',
    'application/json, text/plain',
  ])('is refused as %j before the body is looked at', async (type) => {
    const before = await keyCount()
    expect((await createKey({ 'content-type': type }, '{"name":"","nothing":1}')).status).toBe(415)
    expect((await createKey({ 'content-type': type })).status).toBe(415)
    expect(await keyCount()).toBe(before)
  })

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'never skips the contract as %j',
    async (type) => {
      expect((await createKey({ 'content-type': type }, '{"name":""}')).status).toBe(400)
      expect((await createKey({ 'content-type': type })).status).toBe(201)
    },
  )
})

describe('credentials', () => {
  it('of two workspaces are refused together (AUTH-15)', async () => {
    const { status, body } = await send('GET', '/v1/shares', { cookie: stranger, 'x-api-key': hub.apiKey })
    expect([status, JSON.parse(body)]).toMatchObject([400, { code: 'auth.ambiguous' }])
  })

  it('that are two session cookies are refused, in one header or in two (AUTH-16)', async () => {
    for (const both of [`${cookie}; ${stranger}`, [cookie, stranger], `session=x; ${cookie}`]) {
      expect((await send('GET', '/v1/auth/me', { cookie: both })).status).toBe(401)
    }
    expect((await send('GET', '/v1/auth/me', { cookie: `other=1; ${cookie}; session2=x` })).status).toBe(200)
  })

  it('that were ended are nothing any more (AUTH-17)', async () => {
    const ended = await signIn('leaving@example.com')
    expect((await send('POST', '/v1/auth/logout', { cookie: ended })).status).toBe(200)
    expect((await send('GET', '/v1/auth/me', { cookie: ended })).status).toBe(401)
  })
})

describe('another site', () => {
  it.each(['null', 'https://share.localhost', 'https://localhost.evil.example', 'https://evil.example'])(
    'reads nothing: no CORS header for Origin %s (AUTH-19)',
    async (origin) => {
      for (const path of ['/v1/auth/me', '/trpc/auth.me', '/signin', '/openapi.json']) {
        const answers = [
          await send('GET', path, { cookie, origin }),
          await send('OPTIONS', path, { origin, 'access-control-request-method': 'POST' }),
        ]
        for (const { headers } of answers) {
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
        }
      }
    },
  )

  it('frames nothing (AUTH-20)', async () => {
    for (const path of ['/', '/signin', '/register', '/docs', '/v1/auth/me']) {
      const { headers } = await send('GET', path, { cookie })
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/)
    }
  })
})
