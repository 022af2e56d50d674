// Guarantee: what an `auto` service speaks is asked of its target once, without a request that its app could see, and
// asked again when it fails; a target that never ends its handshake ends in time (SPEC §6).
import { spawn } from 'node:child_process'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Dial } from '../../src/serve/index.ts'
import { secureStream } from '../../src/serve/dial/secure-stream.ts'
import { createAuthority, type Certificate, type TestAuthority } from '../kit/certificates.ts'
import { eventually } from './kit/eventually.ts'
import { openRaw, sendOne, statusOf } from './kit/raw-client.ts'
import { listenOn } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let authority: TestAuthority
let certificate: Certificate
beforeAll(() => {
  authority = createAuthority()
  certificate = authority.issue('IP:127.0.0.1')
})
afterAll(() => authority.remove())

let closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  closing = []
})

/** Every request that an app gets to see, on any server of a test. */
let seen: string[] = []
const app = (
  request: { method?: string | undefined; url?: string | undefined },
  response: { end(text: string): void },
) => {
  seen.push(`${request.method} ${request.url}`)
  response.end('hello')
}

async function listen(server: Server, port?: number): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  if (port === undefined) return listenOn(server)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return port
}

/** A hub whose target is an agent's, which signs for itself; counts what is dialled. */
async function startHub(port: number): Promise<ShareHub & { dialCount: () => number }> {
  let dialCount = 0
  const dial: Dial = ({ targetPort }) =>
    new Promise((resolve, reject) => {
      dialCount += 1
      const socket = connect(targetPort, '127.0.0.1', () => resolve(socket))
      socket.once('error', reject)
    })
  const hub = await startShareHub({ upstreamPort: port, ports: { dial } })
  closing.push(() => hub.close())
  const grant = grantFor(port)
  hub.grant = { ...grant, service: { ...grant.service, protocol: 'auto', agentId: 'agent_1' } }
  seen = []
  return Object.assign(hub, { dialCount: () => dialCount })
}

const get = (hub: ShareHub): Promise<string> => sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`)
const upgrade = `GET /shared/${token}/ws HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`

describe('an auto service', () => {
  it.each([
    ['plain HTTP', () => createHttpServer(app)],
    ['TLS', () => createHttpsServer({ ...certificate }, app)],
    ['TLS 1.2 alone', () => createHttpsServer({ ...certificate, maxVersion: 'TLSv1.2' }, app)],
  ])('of %s is asked once for all who wait, and its app sees their requests only', async (_name, create) => {
    const hub = await startHub(await listen(create()))
    const all = await Promise.all(Array.from({ length: 5 }, () => get(hub)))
    for (const answer of all) expect(answer).toMatch(/^HTTP\/1\.1 200 OK[^]*hello$/)
    expect(hub.dialCount()).toBe(6)
    expect(await get(hub)).toMatch(/hello$/)
    expect(hub.dialCount()).toBe(7)
    expect(seen).toEqual(Array.from({ length: 6 }, () => 'GET /x'))
  })

  it.each(['plain', 'TLS'])('of %s is found out by an upgrade too', async (kind) => {
    const server = kind === 'TLS' ? createHttpsServer({ ...certificate }) : createHttpServer()
    server.on('upgrade', (_request, socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi')
    })
    const hub = await startHub(await listen(server))
    const { socket, received } = await openRaw(hub.port, upgrade)
    await eventually(() => expect(received()).toMatch(/hi$/))
    socket.destroy()
  })

  it.each([
    ['from plain to TLS', () => createHttpServer(app), () => createHttpsServer({ ...certificate }, app)],
    ['from TLS to plain', () => createHttpsServer({ ...certificate }, app), () => createHttpServer(app)],
  ])('that changes %s is asked again after its first failure', async (...[, before, after]) => {
    const first = before()
    const port = await listen(first)
    const hub = await startHub(port)
    expect(await get(hub)).toMatch(/hello$/)
    first.closeAllConnections()
    await new Promise((resolve) => first.close(resolve))
    await listen(after(), port)
    expect(statusOf(await get(hub))).toBe(502)
    expect(await get(hub)).toMatch(/hello$/)
  })

  it('that is not there is 502 and asked again', async () => {
    const server = createHttpServer(app)
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const hub = await startHub(port)
    expect(statusOf(await get(hub))).toBe(502)
    await listen(createHttpServer(app), port)
    expect(await get(hub)).toMatch(/hello$/)
  })

  it('that hangs up on what is no request, or waits for more, is plain', { timeout: 30_000 }, async () => {
    const firsts: ((socket: Socket) => void)[] = [
      (socket) => void socket.end(),
      (socket) => void socket.resetAndDestroy(),
      () => undefined,
    ]
    for (const first of firsts) {
      let count = 0
      const server = createServer((socket) => {
        count += 1
        const isFirst = count === 1
        socket.on('error', () => undefined)
        socket.on('data', () => {
          if (isFirst) first(socket)
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain')
        })
      })
      const hub = await startHub(await listen(server))
      expect(await get(hub)).toMatch(/plain$/)
    }
  })

  it('of Python’s own server is plain at once', { timeout: 30_000 }, async () => {
    const python = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'], { cwd: '/tmp' })
    closing.push(() => python.kill())
    let said = ''
    python.stdout.on('data', (chunk) => (said += String(chunk)))
    python.stderr.on('data', (chunk) => (said += String(chunk)))
    await eventually(() => expect(said).toMatch(/port (\d+)/))
    const hub = await startHub(Number(/port (\d+)/.exec(said)?.[1]))
    const startedMs = performance.now()
    expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/?x HTTP/1.1`))).toBe(200)
    expect(performance.now() - startedMs).toBeLessThan(2_500)
    expect(said.match(/"GET /g)).toHaveLength(1)
  })
})

describe('the Origin that an app sees', () => {
  it('has the scheme that it was found to speak', async () => {
    const origins: (string | undefined)[] = []
    const server = createHttpsServer({ ...certificate }, (request, response) => {
      origins.push(request.headers.origin)
      response.end()
    })
    const port = await listen(server)
    const hub = await startHub(port)
    await get(hub)
    await sendOne(hub.port, `POST /shared/${token}/x HTTP/1.1`, [
      'Origin: http://hub.test',
      'Content-Length: 0',
    ])
    expect(origins).toEqual([undefined, `https://127.0.0.1:${port}`])
  })
})

describe('a handshake', () => {
  const silent = (): Promise<number> =>
    listen(createServer((socket) => void socket.on('error', () => undefined)))
  const service = (targetPort: number) => ({ ...grantFor(targetPort).service, protocol: 'https' as const })

  it('that does not end in time is given up, and its connection closed', async () => {
    const port = await silent()
    const stream = connect(port, '127.0.0.1')
    await expect(secureStream(stream, service(port), { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'upstream.timeout',
    })
    await eventually(() => expect(stream.destroyed).toBe(true))
  })

  it('that nobody waits for any more ends at once', async () => {
    const port = await silent()
    const stream = connect(port, '127.0.0.1')
    const left = new AbortController()
    const secured = secureStream(stream, service(port), { signal: left.signal })
    left.abort()
    await expect(secured).rejects.toMatchObject({ code: 'upstream.failed' })
    expect(stream.destroyed).toBe(true)
  })
})
