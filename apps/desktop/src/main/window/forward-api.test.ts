import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import type { AppRouter } from '@private-connect/api'
import fc from 'fast-check'
import superjson from 'superjson'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { forwardApi, type ForwardPorts } from './forward-api.ts'

/*
 * Guarantee: the window reaches the hub's tRPC API by the credential that it never sees, and nothing else of the hub or behind
 * it; what the page adds by itself does not arrive, nor does a cookie come back. Streams stream, and end when
 * the window leaves, or when one event has no end.
 */
const origin = 'app://private-connect'
const authorization = { authorization: 'Bearer sess_own' }

let server: Server
let hubUrl: string
let answer: (request: IncomingMessage, response: ServerResponse) => void
let arrived: IncomingMessage[] = []
const warn = vi.fn<ForwardPorts['log']['warn']>()

beforeAll(async () => {
  server = createServer((request, response) => {
    arrived.push(request)
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  arrived = []
  answer = (_request, response) => response.setHeader('content-type', 'application/json').end('{"result":1}')
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const ports = (patch: Partial<ForwardPorts> = {}): ForwardPorts => ({
  fetch,
  credential: () => ({ hubUrl, authorization }),
  log: { warn },
  ...patch,
})
const call = async (
  target: string,
  init: RequestInit & { duplex?: 'half' } = {},
  patch?: Partial<ForwardPorts>,
) => forwardApi(ports(patch), new Request(origin + target, init))
const stream = { headers: { accept: 'text/event-stream' } }

describe('what reaches the hub', () => {
  it('is the call, with the credential and nothing that the page added', async () => {
    const page = {
      cookie: 'session=sess_of_the_page',
      authorization: 'Bearer sess_of_the_page',
      origin: 'https://evil.example',
      referer: 'https://evil.example/',
      'x-api-key': 'pc_live_x',
      'x-forwarded-for': '127.0.0.1',
      'content-type': 'application/json',
      'last-event-id': '7',
    }
    // A Request of its own would drop headers that only a hostile renderer can set.
    const request = { ...new Request(origin), url: `${origin}/trpc/shares.create?batch=1`, method: 'POST' }
    const body = new Response('{"0":{}}').body
    const sent = { url: request.url, method: 'POST', headers: new Headers(page), body } as unknown as Request
    await forwardApi(ports(), sent)
    const { method, url, headers } = arrived[0] ?? {}
    expect([method, url]).toEqual(['POST', '/trpc/shares.create?batch=1'])
    expect(headers).toMatchObject({
      ...authorization,
      'content-type': 'application/json',
      'last-event-id': '7',
    })
    for (const name of ['cookie', 'origin', 'referer', 'x-api-key', 'x-forwarded-for']) {
      expect(headers).not.toHaveProperty(name)
    }
  })

  it('is the body as it was, up to a limit', async () => {
    let body = ''
    answer = (request, response) => {
      request
        .setEncoding('utf8')
        .on('data', (chunk) => (body += String(chunk)))
        .on('end', () => response.end('{}'))
    }
    const text = JSON.stringify({ text: 'ü'.repeat(100_000) })
    expect((await call('/trpc/a.b', { method: 'POST', body: text })).status).toBe(200)
    expect(body).toBe(text)
    const tooMuch = await call('/trpc/a.b', { method: 'POST', body: 'x'.repeat(1_048_577) })
    expect(tooMuch.status).toBe(413)
    expect(arrived).toHaveLength(1)
  })

  it.each([
    ['/trpc/', 'GET'],
    ['/trpc/a%2Fb', 'GET'],
    ['/trpc/a/b', 'GET'],
    ['/trpc/..%2fv1/keys', 'GET'],
    ['/v1/shares', 'GET'],
    ['/trpc/a.b', 'PUT'],
    ['/trpc/a.b', 'DELETE'],
    ['/trpc/a.b', 'OPTIONS'],
  ])('is not %s by %s', async (target, method) => {
    expect((await call(target, { method })).status).toBe(404)
    expect(arrived).toEqual([])
  })

  it('is nothing but procedures, whatever the path', async () => {
    const pieces = fc.constantFrom(
      '..',
      '.',
      '/',
      '%2e',
      '%2f',
      '\\',
      '%5c',
      '@',
      '//',
      ':',
      '#',
      '?',
      'v1',
      'trpc',
      'a,b',
      ';',
    )
    const paths = fc.array(pieces, { maxLength: 8 }).map((parts) => `/trpc/${parts.join('')}`)
    const seen: string[] = []
    const spy: ForwardPorts['fetch'] = async (url) => {
      seen.push(url)
      return new Response('{}')
    }
    await fc.assert(
      fc.asyncProperty(paths, async (path) => void (await call(path, {}, { fetch: spy }))),
      { numRuns: 2000 },
    )
    expect(seen.length).toBeGreaterThan(10)
    for (const url of seen) expect(url.slice(hubUrl.length)).toMatch(/^\/trpc\/[\w.,-]+(\?.*)?$/)
  })

  it('is no endless address', async () => {
    expect((await call(`/trpc/a.b?input=${'x'.repeat(16_384)}`)).status).toBe(413)
    expect(arrived).toEqual([])
  })
})

describe('what comes back', () => {
  it('is the answer without cookies and without the connection’s own headers', async () => {
    answer = (_request, response) => {
      response.writeHead(429, {
        'content-type': 'application/json',
        'retry-after': '7',
        'set-cookie': 'session=sess_new',
        'access-control-allow-origin': '*',
        'clear-site-data': '"*"',
      })
      response.end('{"error":1}')
    }
    const got = await call('/trpc/a.b')
    expect([got.status, await got.text()]).toEqual([429, '{"error":1}'])
    expect([...got.headers.keys()].sort()).toEqual(['content-type', 'retry-after', 'x-content-type-options'])
  })

  it('is never what another address answers', async () => {
    answer = (request, response) => {
      if (request.url === '/trpc/a.b') response.writeHead(307, { location: '/elsewhere' }).end()
      else response.end('ELSEWHERE')
    }
    const got = await call('/trpc/a.b')
    expect([got.status, (await got.text()).includes('ELSEWHERE')]).toEqual([502, false])
    expect(arrived).toHaveLength(1)
  })

  it('comes piece by piece, and ends at the hub when the window leaves', async () => {
    let write: (text: string) => void = () => undefined
    const left = new Promise<void>((done) => {
      answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.on('close', () => done())
        write = (text) => response.write(text)
        write('data: 1\n\n')
      }
    })
    const got = await call('/trpc/events.stream', stream)
    const reader = got.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect(await reader?.read()).toEqual({ done: false, value: 'data: 1\n\n' })
    write('data: 2\n\n')
    expect(await reader?.read()).toEqual({ done: false, value: 'data: 2\n\n' })
    await reader?.cancel()
    await left
  })

  it('ends at the hub, and for the window, with an event that has no end', async () => {
    const left = new Promise<void>((done) => {
      answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.on('close', () => done())
        response.on('error', () => undefined)
        response.write('data: 1\n\n')
        for (let n = 0; n < 100; n += 1) response.write(`: ${'x'.repeat(65_536)}\n`)
      }
    })
    const got = await call('/trpc/events.stream', stream)
    await expect(got.text()).rejects.toThrow('longer than any hub tells')
    await left
  })

  it('is held back at the hub while the window does not read', async () => {
    const sizeBytes = 64 * 1024 * 1024
    let written = 0
    answer = (_request, response) => {
      const chunk = Buffer.alloc(65_536)
      // Of this answer: a request whose connection had just ended is sent once more.
      let sent = 0
      const more = (): void => {
        while (sent < sizeBytes) {
          sent += chunk.length
          written = sent
          if (!response.write(chunk)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    }
    const got = await call('/trpc/a.b')
    await vi.waitFor(() => expect(written).toBeGreaterThan(0), { timeout: 10_000 })
    let before = -1
    await vi.waitFor(
      () => {
        const now = written
        const isStill = now === before
        before = now
        expect(isStill).toBe(true)
      },
      { interval: 200, timeout: 10_000 },
    )
    expect(written).toBeLessThan(sizeBytes / 2)
    expect((await got.arrayBuffer()).byteLength).toBe(sizeBytes)
  })
})

describe('a hub that is away', () => {
  const away = { credential: () => ({ hubUrl: 'http://127.0.0.1:9', authorization }) }

  it.each([
    ['away', away, { code: null, message: 'The hub does not answer at http://127.0.0.1:9. Is it running?' }],
    ['signed out of', { credential: () => null }, { code: 'auth.required' }],
  ])('or %s, is told in the hub’s own form to each call of a batch', async (_case, patch, expected) => {
    const client = createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: `${origin}/trpc`,
          transformer: superjson,
          fetch: async (url, init) =>
            forwardApi(ports(patch), new Request(url as string, init as RequestInit)),
        }),
      ],
    })
    const failures = await Promise.allSettled([client.auth.me.query({}), client.workspace.get.query({})])
    for (const failure of failures) {
      const { reason } = failure as PromiseRejectedResult
      expect(reason).toBeInstanceOf(TRPCClientError)
      expect((reason as TRPCClientError<AppRouter>).data).toMatchObject(expected)
    }
  })

  it('is taken up again by a stream, which another status would end for good', async () => {
    expect((await call('/trpc/events.stream', stream, away)).type).toBe('error')
    answer = (_request, response) => response.writeHead(503).end('starting')
    expect((await call('/trpc/events.stream', stream)).type).toBe('error')
    answer = (_request, response) => response.writeHead(401).end('{}')
    expect((await call('/trpc/events.stream', stream)).status).toBe(401)
  })

  it('is logged without the credential', async () => {
    warn.mockClear()
    await call('/trpc/a.b', {}, away)
    expect(warn).toHaveBeenCalledOnce()
    expect(JSON.stringify(warn.mock.calls)).not.toContain('sess_own')
  })
})
