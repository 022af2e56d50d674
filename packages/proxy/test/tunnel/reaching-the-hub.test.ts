import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect as netConnect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { afterEach, describe, expect, it } from 'vitest'
import { versionHeader } from '../../src/tunnel/tunnel-route.ts'
import {
  cleanUp,
  onCleanUp,
  readAll,
  startEcho,
  startHub,
  startRigAgent,
  untilConnected,
  type Hub,
} from './kit/tunnel-rig.ts'

/*
 * TUN-22: what stands between agent and hub. A captive portal's page is no hub; a proxy is asked to CONNECT; where
 * only WebSocket passes, the same frames travel in messages; every answer tells the user what is wrong.
 */
afterEach(cleanUp)

interface Middle {
  readonly url: string
  readonly seen: string[]
}

type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void
type OnRequest = (request: IncomingMessage, response: ServerResponse) => void

async function startMiddle(handlers: {
  upgrade?: OnUpgrade
  connect?: OnUpgrade
  request?: OnRequest
}): Promise<Middle> {
  const seen: string[] = []
  const server = createServer(handlers.request ?? ((_request, response) => response.writeHead(500).end()))
  server.on('request', (request) => seen.push(`${request.method} ${request.headers.upgrade ?? ''}`))
  for (const event of ['upgrade', 'connect'] as const) {
    const handler = handlers[event]
    if (handler === undefined) continue
    server.on(event, (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      seen.push(`${request.method} ${request.headers.upgrade ?? request.url ?? ''}`)
      socket.on('error', () => {})
      handler(request, socket, head)
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onCleanUp(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** Joins the socket to the hub and repeats the request there, as a reverse proxy that passes upgrades. */
function forwardUpgrade(hub: Hub, request: IncomingMessage, socket: Duplex): void {
  const upstream = netConnect(hub.port, '127.0.0.1')
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`)
  upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  upstream.on('error', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
  socket.pipe(upstream).pipe(socket)
}

async function expectEcho(hub: Hub): Promise<void> {
  const stream = await hub.dial('echo')
  stream.end('through')
  expect((await readAll(stream)).toString()).toBe('through')
}

describe('an agent behind something that answers for the hub', () => {
  it.each([
    { name: 'a page', status: 200, headers: { 'content-type': 'text/html' }, reason: 'portal' },
    { name: 'a redirect', status: 302, headers: { location: 'http://login.example/' }, reason: 'portal' },
    { name: 'a sign-in demand', status: 511, headers: {}, reason: 'portal' },
    { name: 'not found', status: 404, headers: {}, reason: 'portal' },
    { name: 'forbidden', status: 403, headers: {}, reason: 'unauthorized' },
    { name: 'unavailable', status: 503, headers: { 'retry-after': '2' }, reason: 'hub_unavailable' },
  ])('says $reason for $name, and waits', async ({ status, headers, reason }) => {
    const middle = await startMiddle({
      request: (_request, response) => response.writeHead(status, headers).end('<html>hello</html>'),
    })
    const agent = startRigAgent(middle.url, {}, { random: () => 0.5 })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason })
    const status2 = agent.status
    expect(status2.state === 'waiting' && status2.message).toMatch(/^[A-Z].*\.$/)
  })

  it('connects by itself soon after the portal has let it through', async () => {
    const hub = await startHub()
    let isOpen = false
    const middle = await startMiddle({
      upgrade: (request, socket) => {
        if (isOpen) forwardUpgrade(hub, request, socket)
        else socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\nhtml')
      },
    })
    const agent = startRigAgent(middle.url, { echo: await startEcho() }, { random: () => 0.2 })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'portal' })
    isOpen = true
    await untilConnected(agent)
    await expectEcho(hub)
  })

  it('waits as long as the hub asked for', async () => {
    const hub = await startHub()
    hub.refusal = new AppError('hub.draining', undefined, { retryAfterSeconds: 120 })
    const agent = startRigAgent(hub.url)
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'hub_unavailable' })
    const { status } = agent
    expect(status.state === 'waiting' && status.retryAtMs - Date.now()).toBeGreaterThan(118_000)
    hub.refusal = null
    agent.reconnectNow()
    await untilConnected(agent)
  })

  it('says that the hub speaks another version', async () => {
    const hub = await startHub()
    hub.refusal = new AppError('tunnel.upgrade_required', undefined, { headers: { [versionHeader]: '2' } })
    const agent = startRigAgent(hub.url)
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'version_refused' })
    expect(hub.upgradesAtMs).toHaveLength(1)
  })

  it('gives up an attempt that is never answered', async () => {
    const middle = await startMiddle({ upgrade: () => {} })
    const agent = startRigAgent(middle.url, {}, { handshakeTimeoutMs: 100 })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'unreachable' })
  })
})

describe('the transport', () => {
  it.each([
    {
      name: 'answers 400 to an unknown upgrade',
      answer: 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n',
    },
    { name: 'answers 426', answer: 'HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n' },
    { name: 'hangs up', answer: '' },
  ])('becomes WebSocket where a proxy $name', async ({ answer }) => {
    const hub = await startHub()
    const middle = await startMiddle({
      upgrade: (request, socket) => {
        if (request.headers.upgrade === 'websocket') forwardUpgrade(hub, request, socket)
        else socket.end(answer)
      },
    })
    const agent = startRigAgent(middle.url, { echo: await startEcho() })
    await untilConnected(agent)
    expect(agent.status).toMatchObject({ transport: 'websocket' })
    expect(middle.seen).toEqual(['GET private-connect-tunnel', 'GET websocket'])
    await expectEcho(hub)
  })

  it('is not tried a second way when the hub itself refuses', async () => {
    const hub = await startHub()
    hub.refusal = new AppError('auth.invalid')
    const agent = startRigAgent(hub.url)
    await expect.poll(() => agent.status).toMatchObject({ reason: 'unauthorized' })
    expect(hub.upgradesAtMs).toHaveLength(1)
  })
})

describe('an HTTP proxy', () => {
  const credentials = `Basic ${Buffer.from('me:p@ss').toString('base64')}`

  async function startProxy(): Promise<Middle> {
    return startMiddle({
      connect: (request, socket) => {
        if (request.headers['proxy-authorization'] !== credentials)
          return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
        const [host, port] = (request.url ?? '').split(':')
        const upstream = netConnect(Number(port), host, () => {
          socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
          socket.pipe(upstream).pipe(socket)
        })
        upstream.on('error', () => socket.destroy())
        return socket.on('close', () => upstream.destroy())
      },
    })
  }

  it.each(['raw', 'websocket'] as const)(
    'is asked to CONNECT, with credentials, for %s',
    async (transport) => {
      const hub = await startHub()
      const proxy = await startProxy()
      const proxyUrl = proxy.url.replace('http://', 'http://me:p%40ss@')
      const agent = startRigAgent(hub.url, { echo: await startEcho() }, { proxyUrl, transport })
      await untilConnected(agent)
      expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${hub.port}`])
      await expectEcho(hub)
    },
  )

  it('that refuses is named as the cause', async () => {
    const hub = await startHub()
    const proxy = await startProxy()
    const agent = startRigAgent(hub.url, {}, { proxyUrl: proxy.url })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'proxy_failed' })
    expect(hub.upgradesAtMs).toEqual([])
  })
})
