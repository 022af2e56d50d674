import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { sendRaw } from './kit/send-raw.ts'

// Guarantee (SPEC §3; AUTH-13, AUTH-14, AUTH-19, DOS-07, DOS-08, DOS-13): whatever reaches the API is answered in the
// one documented shape with the limits and the request's id, and no body is read in any other way than as plain JSON.
describe('the conventions of the API', () => {
  let hub: TestHub

  beforeAll(async () => {
    hub = await startTestHub({ ANONYMOUS_REQUESTS_PER_MIN: '1000', API_BODY_TIMEOUT_SECONDS: '1' })
  }, 120_000)
  afterAll(async () => hub?.remove())

  const ask = async (method: string, path: string, init: RequestInit = {}) =>
    fetch(hub.url + path, { method, ...init, headers: { 'x-api-key': hub.apiKey, ...init.headers } })
  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    ask('POST', '/v1/agents/register', { body, headers })
  const json = { 'content-type': 'application/json' }

  const refusal = (status: number, code: string) => ({
    status,
    limits: allLimits,
    body: {
      error: expect.any(String),
      message: expect.stringMatching(/^[A-Z].+/),
      statusCode: status,
      code,
      requestId: expect.stringMatching(/^req_[0-9a-f]+$/),
    },
  })
  const allLimits = { limit: true, remaining: true, reset: true, corsOrigin: null }

  const limitsOf = ({ headers }: Response) => ({
    limit: /^\d+$/.test(headers.get('x-ratelimit-limit') ?? ''),
    remaining: /^\d+$/.test(headers.get('x-ratelimit-remaining') ?? ''),
    reset: /^\d+$/.test(headers.get('x-ratelimit-reset') ?? ''),
    corsOrigin: headers.get('access-control-allow-origin'),
  })

  async function readRefusal(answer: Response) {
    const { issues: _issues, ...body } = (await answer.json()) as Record<string, unknown>
    const isItsOwn = body['requestId'] === answer.headers.get('x-request-id')
    return { status: answer.status, limits: limitsOf(answer), body: isItsOwn ? body : null }
  }

  it('tells the limits on successes of both doors', async () => {
    const rest = await ask('GET', '/v1/agents')
    const trpc = await ask('GET', '/trpc/agents.list?input=%7B%22json%22%3A%7B%7D%7D')
    for (const answer of [rest, trpc]) {
      expect(answer.status).toBe(200)
      expect(limitsOf(answer)).toEqual(allLimits)
      expect(answer.headers.get('x-ratelimit-limit')).toBe('1000')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('answers where nothing is, and where an address cannot be decoded', async () => {
    expect(await readRefusal(await ask('GET', '/v1/nothing'))).toEqual(refusal(404, 'route.not_found'))
    expect(await readRefusal(await ask('POST', '/v1/nothing', { body: 'x', headers: json }))).toEqual(
      refusal(404, 'route.not_found'),
    )
    expect(await readRefusal(await ask('GET', '/v1/shares/%zz'))).toEqual(
      refusal(400, 'request.target_not_canonical'),
    )
    expect(await readRefusal(await ask('GET', '/%'))).toEqual(refusal(400, 'request.target_not_canonical'))
    expect(await readRefusal(await ask('GET', `/v1/shares/${'x'.repeat(9000)}`))).toEqual(
      refusal(400, 'request.invalid'),
    )
  })

  it('answers 405 with Allow where an address takes another method', async () => {
    const wrong = [
      ['PUT', '/v1/shares', 'GET, HEAD'],
      ['POST', '/v1/shares/share_1', 'GET, HEAD, PATCH, DELETE'],
      ['GET', '/v1/services/external', 'POST'],
      ['DELETE', '/v1/workspace', 'GET, HEAD, PATCH'],
      ['POST', '/livez', 'GET, HEAD'],
      ['POST', '/openapi.json', 'GET, HEAD'],
      ['OPTIONS', '/v1/shares', 'GET, HEAD'],
    ] as const
    for (const [method, path, allow] of wrong) {
      const answer = await ask(method, path)
      expect(answer.headers.get('allow')).toBe(allow)
      expect(await readRefusal(answer)).toEqual(refusal(405, 'route.method_not_allowed'))
    }
    // Whatever is wrong with the body does not matter then.
    const form = { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    expect(await readRefusal(await ask('PUT', '/v1/shares', form))).toEqual(
      refusal(405, 'route.method_not_allowed'),
    )
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json garbage',
    'application/json\ta',
    'application/json; charset=utf-16',
    'application/json, text/plain',
    'application/vnd.api+json',
    'text/json',
    '*/*',
  ])('takes no body of the type %j, over REST and tRPC', async (type) => {
    const headers = { 'content-type': type }
    expect(await readRefusal(await post('{"name":"x"}', headers))).toEqual(refusal(415, 'request.media_type'))
    const body = '{"json":{"name":"x"}}'
    const trpc = await ask('POST', '/trpc/agents.register', { body, headers })
    expect(await readRefusal(trpc)).toEqual(refusal(415, 'request.media_type'))
  })

  it('takes no body without a type', async () => {
    const answer = await sendRaw(
      hub.port,
      `POST /v1/agents/register HTTP/1.1\r\nHost: x\r\nx-api-key: ${hub.apiKey}\r\nConnection: close\r\nContent-Length: 12\r\n\r\n{"name":"x"}`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 415 /)
    expect(answer).toMatch(/x-ratelimit-limit: \d+/i)
  })

  it.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'x'])('never decodes %s', async (encoding) => {
    const headers = { ...json, 'content-encoding': encoding }
    expect(await readRefusal(await post('{"name":"x"}', headers))).toEqual(refusal(415, 'request.media_type'))
  })

  it.each([
    ['cut off', '{"name": '],
    ['twice', '{"name":"x"}{"name":"y"}'],
    ['with a prototype', '{"name":"x","__proto__":{"isAdmin":true}}'],
    ['with a constructor', '{"name":"x","constructor":{"prototype":{"isAdmin":true}}}'],
    ['text', 'name=x'],
    ['very deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('refuses JSON that is %s with 400, at once', async (_what, body) => {
    const startedMs = performance.now()
    const answer = await post(body, json)
    expect(answer.status).toBe(400)
    expect(limitsOf(answer)).toEqual(allLimits)
    await answer.text()
    expect(performance.now() - startedMs).toBeLessThan(1000)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('refuses what is not UTF-8, and what is too much', async () => {
    const latin = Uint8Array.from(Buffer.from('{"name":"\xff"}', 'latin1'))
    expect(await readRefusal(await post(latin, json))).toEqual(refusal(400, 'request.malformed_json'))
    expect(await readRefusal(await post(JSON.stringify({ name: 'x'.repeat(300_000) }), json))).toEqual(
      refusal(413, 'request.too_large'),
    )
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]))
    expect((await post(JSON.stringify(keys), json)).status).toBe(400)
  })

  it('takes an empty body for none', async () => {
    const missing = await ask('POST', '/v1/agents/register', { headers: json })
    expect(await readRefusal(missing)).toEqual(refusal(400, 'request.invalid'))
    const { agent } = (await (await post('{"name":"empty-body"}', json)).json()) as { agent: { id: string } }
    const rotated = await ask('POST', `/v1/agents/${agent.id}/rotate-token`, { headers: json })
    expect(rotated.status).toBe(200)
  })

  it('cuts a body that does not arrive', async () => {
    const startedMs = performance.now()
    const answer = await sendRaw(
      hub.port,
      `POST /v1/agents/register HTTP/1.1\r\nHost: x\r\nx-api-key: ${hub.apiKey}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"na`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('request.timeout')
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect((await ask('GET', '/v1/agents')).status).toBe(200)
  })

  it.each(['null', 'https://share.example.com', 'https://evil.example', 'http://localhost.evil'])(
    'gives the origin %s no access',
    async (origin) => {
      const answer = await ask('GET', '/v1/agents', { headers: { origin } })
      expect(limitsOf(answer)).toEqual(allLimits)
      const preflight = await ask('OPTIONS', '/v1/agents', {
        headers: { origin, 'access-control-request-method': 'GET' },
      })
      expect(preflight.status).toBe(405)
      expect(limitsOf(preflight)).toEqual(allLimits)
    },
  )

  it.each([
    ['a mutation by GET', 'GET', 'agents.register?input=%7B%22json%22%3A%7B%22name%22%3A%22x%22%7D%7D'],
    ['a batch of 11', 'GET', `${Array(11).fill('agents.list').join(',')}?batch=1&input=%7B%7D`],
    ['a batch that is no object', 'GET', 'agents.list?batch=1&input=%5B'],
    ['broken input', 'GET', 'agents.list?input=%7B'],
    ['broken connection parameters', 'GET', 'agents.list?connectionParams=%7B'],
    ['an unknown procedure', 'GET', 'nothing.at.all'],
    ['a prototype’s name', 'GET', '__proto__'],
    ['another prototype’s name', 'GET', 'agents.constructor'],
    ['an unknown procedure by POST', 'POST', 'agents.toString'],
  ])('refuses %s over tRPC', async (_what, method, path) => {
    const answer = await ask(method, `/trpc/${path}`)
    const text = await answer.text()
    expect(Math.floor(answer.status / 100)).toBe(4)
    expect(text).not.toMatch(/stack|node_modules/)
    expect(limitsOf(answer)).toEqual(allLimits)
  })

  it('does a create once for one Idempotency-Key, over both doors', async () => {
    const headers = { ...json, 'idempotency-key': 'b5bb9d80-14a0-4f9b-b1d6-1e21e796d78d' }
    const [first, second] = [await post('{"name":"once"}', headers), await post('{"name":"once"}', headers)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await second.text()).toBe(await first.text())
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await readRefusal(await post('{"name":"other"}', headers))).toEqual(
      refusal(409, 'request.idempotency_conflict'),
    )
    const overTrpc = { body: '{"json":{"name":"trpc"}}', headers: { ...json, 'idempotency-key': 'trpc-key' } }
    const answers = [
      await ask('POST', '/trpc/agents.register', overTrpc),
      await ask('POST', '/trpc/agents.register', overTrpc),
    ]
    const [one, two] = await Promise.all(answers.map((answer) => answer.text()))
    expect(two).toBe(one)
    const { body } = await hub.api<{ name: string }[]>('GET', '/v1/agents')
    expect(body.filter(({ name }) => ['once', 'other', 'trpc'].includes(name))).toHaveLength(2)
  })
})
