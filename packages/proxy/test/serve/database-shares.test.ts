// Guarantee (SPEC §7): a share of a database answers questions, its console and nothing else; the database itself never
// gets a byte of HTTP, whatever is sent; a share of an app is asked nothing. What is no question is refused before anybody
// is asked, who leaves or is cut is told to whoever answers, and failures name nothing of the inside.
import { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { AskDatabase, QueryQuestion } from '../../src/serve/database/ask-database.ts'
import type { ShareGrant } from '../../src/serve/index.ts'
import { bodyOf, headerOf, openRaw, sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer } from './kit/raw-upstream.ts'
import { startShareForFile } from './kit/share-for-file.ts'
import { grantFor, shareHost, token } from './kit/share-hub.ts'

const database = {
  engine: 'redis',
  allowWrites: false,
  isReadOnly: false,
  maskedColumns: [],
  linkId: 'link_1',
} as const
const answer = { columns: ['value'], rows: [{ value: 'PONG' }] }
const ask = vi.fn<AskDatabase>()
const { upstream, hub } = await startShareForFile(answering(okAnswer), {
  ports: { askDatabase: async (question) => ask(question) },
  options: { queriesPerMin: 1000 },
})
beforeEach(() => {
  ask.mockReset().mockResolvedValue(answer)
  setGrant()
})

let serial = 0
/** Each grant has an id of its own, and so its own counts. */
function setGrant(changes: Partial<ShareGrant> = {}): void {
  hub.grant = grantFor(upstream.port, { id: `share_${(serial += 1)}`, database, ...changes })
}

const pathForm = `/shared/${token}`
const queryForm = `/api/shared/${token}`
const onHost = `Host: ${shareHost}`
const json = 'Content-Type: application/json'

/** A question as bytes; `head` are further lines of its head. */
async function post(body: string, head: readonly string[] = [json], target = `${queryForm}/query`) {
  const host = head.some((line) => line.startsWith('Host:')) ? [] : ['Host: hub.test']
  const length = head.some((line) => /^(content-length|transfer)/i.test(line))
    ? []
    : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`]
  const lines = [`POST ${target} HTTP/1.1`, ...host, ...head, ...length, 'Connection: close']
  return sendRaw(hub.port, `${lines.join('\r\n')}\r\n\r\n${body}`)
}
const codeOf = (text: string) => (JSON.parse(bodyOf(text)) as { code: string }).code
const get = async (target: string, head: readonly string[] = []) =>
  sendOne(hub.port, `GET ${target} HTTP/1.1`, head)

describe('a question', () => {
  it.each([
    [`${queryForm}/query`, []],
    [`${pathForm}/query`, []],
    ['/query', [onHost]],
    [`${pathForm}/query?x=1`, []],
  ])('to %s is answered in JSON, for any page to read', async (target, head) => {
    const got = await post('{"query":"PING"}', [json, ...head], target)
    expect([statusOf(got), JSON.parse(bodyOf(got))]).toEqual([200, answer])
    expect(headerOf(got, 'content-type')).toBe('application/json; charset=utf-8')
    expect([headerOf(got, 'access-control-allow-origin'), headerOf(got, 'cache-control')]).toEqual([
      '*',
      'no-store',
    ])
  })

  it('comes with who asks and what may be asked, and without what nobody needs', async () => {
    await post('{"query":"PING"}', [json, 'User-Agent: curl/8', 'Cookie: a=b', 'Authorization: Bearer x'])
    const [question] = ask.mock.calls[0] ?? []
    expect(question).toEqual({
      grant: hub.grant,
      database,
      body: { query: 'PING' },
      ipAddress: '127.0.0.1',
      userAgent: 'curl/8',
      visitorId: expect.stringMatching(/^visitor_/),
      signal: expect.any(AbortSignal),
    })
    const record = hub.records.at(-1)
    expect(record).toMatchObject({ statusCode: 200, denied: null, method: 'POST', bytesIn: 16 })
  })

  it.each([
    ['of no type', [], 'request.media_type'],
    ['as a form of another site can send', ['Content-Type: text/plain'], 'request.media_type'],
    ['as a form', ['Content-Type: application/x-www-form-urlencoded'], 'request.media_type'],
    ['that only looks like JSON', ['Content-Type: application/jsonp'], 'request.media_type'],
    ['that is packed', [json, 'Content-Encoding: gzip'], 'request.media_type'],
    ['that says that it is too large', [json, 'Content-Length: 262145'], 'request.too_large'],
  ])('%s is refused', async (_, head, code) => {
    const got = await post('{"query":"PING"}', head)
    expect([codeOf(got), ask.mock.calls.length]).toEqual([code, 0])
  })

  it.each([
    ['', 'request.malformed_json'],
    ['{"query":', 'request.malformed_json'],
    ["{'query':'x'}", 'request.malformed_json'],
    ['"\xff\xfe"', 'request.malformed_json'],
    ['{"query":"PING"}{}', 'request.malformed_json'],
  ])('of the bytes %j is refused', async (body, code) => {
    const got = await post(body)
    expect([codeOf(got), ask.mock.calls.length]).toEqual([code, 0])
  })

  it('may have any spelling of JSON’s type, and 256 KiB', async () => {
    const head = ['Content-Type: Application/JSON ; charset=UTF-8']
    expect(statusOf(await post('{}', head))).toBe(200)
    expect(statusOf(await post(JSON.stringify('x'.repeat(262_142)), head))).toBe(200)
  })

  it('whose pieces are too large together is refused before it has ended', async () => {
    const piece = `8000\r\n${'x'.repeat(0x8000)}\r\n`
    const got = await post(piece.repeat(9), [json, 'Transfer-Encoding: chunked'])
    expect([codeOf(got), ask.mock.calls.length]).toEqual(['request.too_large', 0])
  })

  it('is told to go on where it asks first', async () => {
    const got = await post('{"query":"PING"}', [json, 'Expect: 100-continue'])
    expect(got).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })

  it('that breaks off is asked of nobody', async () => {
    const head = `POST ${queryForm}/query HTTP/1.1\r\nHost: hub.test\r\n${json}\r\nContent-Length: 99\r\n\r\n{"query"`
    const before = hub.records.length
    const { socket } = await openRaw(hub.port, head)
    socket.destroy()
    await vi.waitFor(() => expect(hub.records.length).toBe(before + 1), { timeout: 10_000 })
    expect(ask).not.toHaveBeenCalled()
  })
})

describe('a page', () => {
  it.each([
    ['with the hub’s origin is sandboxed', `${pathForm}/`, [], true],
    ['with an origin of its own is not', '/', [onHost], false],
  ])('%s', async (...[, target, head, isSandboxed]) => {
    const got = await get(target, head)
    expect([statusOf(got), headerOf(got, 'content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const policy = headerOf(got, 'content-security-policy') ?? ''
    expect(policy.includes('sandbox')).toBe(isSandboxed)
    expect(policy).toContain("default-src 'none'")
    const headOnly = await sendOne(hub.port, `HEAD ${target} HTTP/1.1`, head)
    expect([headerOf(headOnly, 'content-length'), bodyOf(headOnly)]).toEqual([
      headerOf(got, 'content-length'),
      '',
    ])
  })

  it('escapes the names of its share', async () => {
    setGrant({ name: '<script>alert(1)</script>', workspaceName: '"><img src=x>' })
    expect(bodyOf(await get('/', [onHost]))).not.toMatch(/<script>alert|<img src/)
  })
})

describe('anything else', () => {
  it.each([
    ['GET', `${queryForm}/`, 'route.not_found'],
    ['GET', `${queryForm}/query`, 'route.method_not_allowed'],
    ['PUT', `${pathForm}/query`, 'route.method_not_allowed'],
    ['POST', `${pathForm}/`, 'route.not_found'],
    ['GET', `${pathForm}/index.html`, 'route.not_found'],
    ['GET', `${pathForm}/query/`, 'route.not_found'],
    ['GET', `${pathForm}/QUERY`, 'route.not_found'],
  ])('%s %s is %3$s', async (method, target, code) => {
    const got = await sendOne(hub.port, `${method} ${target} HTTP/1.1`, ['Accept: application/json'])
    expect(codeOf(got)).toBe(code)
    expect(headerOf(got, 'allow')).toBe(code === 'route.method_not_allowed' ? 'POST, OPTIONS' : undefined)
  })

  it('is allowed ahead to pages of other origins, where it is a question', async () => {
    const head = ['Origin: https://app.example', 'Access-Control-Request-Method: POST']
    const got = await sendOne(hub.port, `OPTIONS ${queryForm}/query HTTP/1.1`, head)
    expect([statusOf(got), headerOf(got, 'access-control-allow-methods')]).toEqual([204, 'POST'])
    expect(headerOf(got, 'access-control-allow-credentials')).toBeUndefined()
  })

  it('leaves the database without a byte', async () => {
    const method = fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE', 'UNLINK', 'PURGE')
    const path = fc.array(
      fc.constantFrom('/', 'query', '%71uery', '?', 'a', '.', '//', ';', '\\', '*', '%'),
      { maxLength: 6 },
    )
    const head = fc.constantFrom<readonly string[]>(
      [],
      ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      [json, 'Content-Length: 2'],
      ['Transfer-Encoding: chunked'],
    )
    const form = fc.constantFrom([pathForm, 'Host: hub.test'], [queryForm, 'Host: hub.test'], ['', onHost])
    await fc.assert(
      fc.asyncProperty(
        method,
        fc.tuple(form, path),
        head,
        async (word, [[prefix = '', host = ''], parts], lines) => {
          const request = [
            `${word} ${prefix}/${parts.join('')} HTTP/1.1`,
            host,
            ...lines,
            'Connection: close',
          ]
          await sendRaw(hub.port, `${request.join('\r\n')}\r\n\r\n{}0\r\n\r\n`)
        },
      ),
      { numRuns: 100 },
    )
    expect([upstream.connectionCount(), upstream.received()]).toEqual([0, ''])
  })

  it('of a share of an app is the app’s, but questions are not', async () => {
    hub.grant = grantFor(upstream.port)
    expect(codeOf(await post('{}'))).toBe('query.no_database')
    expect([ask.mock.calls.length, upstream.connectionCount()]).toEqual([0, 0])
  })
})

describe('rules', () => {
  it.each([
    ['revoked', { isRevoked: true }],
    ['expired', { expiresAtMs: 1 }],
  ])('of a share that is %s refuse all', async (_, changes) => {
    setGrant(changes)
    const [question, page] = [await post('{}'), await get('/', [onHost, 'Accept: application/json'])]
    expect([codeOf(question), codeOf(page), ask.mock.calls.length]).toEqual([
      'share.inactive',
      'share.inactive',
      0,
    ])
  })

  it('count questions by the lower of two limits, and pages apart from them', async () => {
    setGrant({ rateLimitPerMin: 3 })
    expect(statusOf(await get('/', [onHost]))).toBe(200)
    const statuses: number[] = []
    for (let count = 0; count < 5; count += 1) statuses.push(statusOf(await post('{}')))
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    expect(ask).toHaveBeenCalledTimes(3)
  })
})

describe('whoever answers', () => {
  /** A question that is being answered, until its end if whoever answers listens. */
  async function start({ isDeaf = false } = {}) {
    const settled = Promise.withResolvers<object>()
    const asked = Promise.withResolvers<QueryQuestion>()
    ask.mockImplementation(async (question) => {
      asked.resolve(question)
      if (!isDeaf) {
        question.signal.addEventListener('abort', () => settled.reject(question.signal.reason as Error))
      }
      return settled.promise
    })
    const head = `POST ${queryForm}/query HTTP/1.1\r\nHost: hub.test\r\n${json}\r\nContent-Length: 2\r\n\r\n{}`
    const visitor = await openRaw(hub.port, head)
    return { visitor, question: await asked.promise, settled }
  }

  it('is told that the visitor left', async () => {
    const { visitor, question } = await start()
    visitor.socket.destroy()
    await vi.waitFor(() => expect(question.signal.aborted).toBe(true), { timeout: 10_000 })
  })

  it.each([
    ['listens', false],
    ['answers all the same', true],
  ])('and %s is told that the share was cut, and the visitor gets no answer of it', async (_, isDeaf) => {
    hub.logged.splice(0)
    const { visitor, question, settled } = await start({ isDeaf })
    const before = hub.records.length
    hub.shares.cutShare(hub.grant?.id ?? '')
    await vi.waitFor(() => expect(question.signal.aborted).toBe(true), { timeout: 10_000 })
    settled.resolve(answer)
    await vi.waitFor(() => expect(visitor.socket.closed).toBe(true), { timeout: 10_000 })
    await vi.waitFor(() => expect(hub.records).toHaveLength(before + 1), { timeout: 10_000 })
    expect(visitor.received()).not.toContain('PONG')
    expect([hub.records.at(-1)?.statusCode, hub.logged]).toEqual([499, []])
  })

  it('may refuse in its own words, which are not logged', async () => {
    hub.logged.splice(0)
    ask.mockRejectedValue(new AppError('query.refused', 'DELETE is not allowed.'))
    const got = await post('{}')
    expect(JSON.parse(bodyOf(got))).toMatchObject({
      code: 'query.refused',
      message: 'DELETE is not allowed.',
    })
    expect([hub.logged, headerOf(got, 'access-control-allow-origin')]).toEqual([[], '*'])
  })

  it('may fail, which is logged and not shown', async () => {
    hub.logged.splice(0)
    ask.mockRejectedValue(new Error('password canary of 10.0.0.7'))
    const got = await post('{}')
    expect([statusOf(got), codeOf(got)]).toEqual([500, 'internal'])
    expect(got).not.toMatch(/canary|10\.0\.0\.7/)
    expect(hub.logged).toHaveLength(1)
  })
})
