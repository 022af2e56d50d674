// Guarantee (SPEC §13.1, REV-01, REV-03, REV-12): once a revoke, or whatever else takes a share away or narrows it, has
// been answered, nothing that begins afterwards reaches the app, and all that was open on it is closed at both ends
// within 100 ms; other shares of the same service go on.
import { connect, type Socket } from 'node:net'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { sharePort, type SharedPort } from './kit/share.ts'

/** Ten times the promise: other tests run beside this one. */
const cutMaxMs = 1_000

let hub: TestHub
let app: Server
let tunnel: SharedPort
let serviceId: string
/** What is open at the app, by the path that it was asked for. */
const openAtApp = new Map<string, number>()
/** Requests that the app got which began after the revoke was answered. */
let lateAtApp = 0

function noteAtApp(path: string, stream: Duplex | NodeJS.WritableStream): void {
  openAtApp.set(path, (openAtApp.get(path) ?? 0) + 1)
  stream.on('close', () => openAtApp.set(path, (openAtApp.get(path) ?? 0) - 1))
}

beforeAll(async () => {
  hub = await startTestHub({ SHARE_REQUESTS_PER_MIN: '1000000' })
  app = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
    const path = incoming.url ?? ''
    if (incoming.headers['x-late'] !== undefined) lateAtApp += 1
    if (path.startsWith('/quick')) response.end('ok')
    else noteAtApp(path, response)
    if (path.startsWith('/upload')) incoming.resume()
    if (path.startsWith('/events'))
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
  })
  app.on('upgrade', (incoming, socket) => {
    noteAtApp(incoming.url ?? '', socket)
    socket.on('error', () => undefined)
    socket.on('end', () => socket.destroy())
    socket.resume()
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  })
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
  tunnel = await sharePort(hub, (app.address() as AddressInfo).port)
  const { body } = await hub.api<{ shares: { serviceId: string }[] }>('GET', '/v1/shares')
  serviceId = body.shares[0]?.serviceId ?? ''
}, 120_000)
afterAll(async () => {
  await tunnel?.stop()
  app.closeAllConnections()
  app.close()
  await hub.remove()
})

interface NewShare {
  readonly id: string
  readonly path: string
}

async function createShare(service = serviceId): Promise<NewShare> {
  const { body } = await hub.api<{ share: { id: string; token: string } }>(
    'POST',
    `/v1/services/${service}/shares`,
    { name: 'cut' },
  )
  return { id: body.share.id, path: `/shared/${body.share.token}` }
}

/** A service of the same app that the hub dials itself. */
async function createDirectService(): Promise<string> {
  const { body } = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
    name: `direct-${Math.random().toString(36).slice(2)}`,
    targetHost: '127.0.0.1',
    targetPort: (app.address() as AddressInfo).port,
  })
  return body.service.id
}

/** Opens each kind of stream on a share, under a name that the app sees; resolves once the app has all of them. */
async function openAll({ path }: NewShare, name: string): Promise<Socket[]> {
  const head = (line: string, ...headers: string[]): string =>
    [line.replace(' /', ` ${path}/`), 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n')
  const sockets = [
    head(`GET /socket-${name} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: websocket'),
    head(`GET /events-${name} HTTP/1.1`),
    `${head(`POST /upload-${name} HTTP/1.1`, 'Transfer-Encoding: chunked')}5\r\nhello\r\n`,
  ].map((bytes) => {
    const socket = connect(hub.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(bytes)
    return socket
  })
  await vi.waitFor(() => expect(countAtApp(name)).toBe(3), 10_000)
  return sockets
}

function countAtApp(name: string): number {
  return ['socket', 'events', 'upload'].reduce(
    (sum, kind) => sum + (openAtApp.get(`/${kind}-${name}`) ?? 0),
    0,
  )
}

const changes: readonly (readonly [
  string,
  (share: NewShare, service: string) => readonly [string, string, unknown?],
])[] = [
  ['revoking the share', ({ id }) => ['DELETE', `/v1/shares/${id}`]],
  ['narrowing its paths', ({ id }) => ['PATCH', `/v1/shares/${id}`, { allowedPaths: ['/quick'] }]],
  ['narrowing its methods', ({ id }) => ['PATCH', `/v1/shares/${id}`, { allowedMethods: ['DELETE'] }]],
  ['rotating its link', ({ id }) => ['POST', `/v1/shares/${id}/rotate`]],
  ['moving its service', (_share, service) => ['PATCH', `/v1/services/${service}`, { targetPort: 9 }]],
  ['deleting its service', (_share, service) => ['DELETE', `/v1/services/${service}`]],
]

describe.each(changes)('%s', (title, callOf) => {
  it.each(title.includes('service') ? (['direct'] as const) : (['direct', 'tunnel'] as const))(
    'cuts a WebSocket, an event stream and an upload, both ends: %s',
    async (way) => {
      const service = way === 'direct' ? await createDirectService() : serviceId
      const share = await createShare(service)
      const other = await createShare(way === 'direct' ? await createDirectService() : serviceId)
      const name = share.id
      const sockets = await openAll(share, name)
      const others = await openAll(other, other.id)
      const { status } = await hub.api(...(callOf(share, service) as [string, string, unknown?]))
      expect(status).toBeLessThan(300)
      const answeredAtMs = performance.now()
      await vi.waitFor(
        () => {
          expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(0)
          expect(countAtApp(name)).toBe(0)
        },
        { timeout: cutMaxMs, interval: 5 },
      )
      expect(performance.now() - answeredAtMs).toBeLessThan(cutMaxMs)
      expect(countAtApp(other.id)).toBe(3)
      for (const socket of others) socket.destroy()
    },
  )
})

describe('an agent that is deleted', () => {
  it('takes every stream through it along', async () => {
    const one = await sharePort(hub, (app.address() as AddressInfo).port)
    const { body } = await hub.api<{ id: string; agentId: string }[]>('GET', '/v1/services')
    const newest = body[0]
    const share = await createShare(newest?.id)
    const sockets = await openAll(share, 'agent')
    await hub.api('DELETE', `/v1/agents/${newest?.agentId}`)
    await vi.waitFor(
      () => {
        expect(countAtApp('agent')).toBe(0)
        // An upload that waits for its answer is told that the connection to the agent was lost.
        expect(sockets.slice(0, 2).every(({ destroyed }) => destroyed)).toBe(true)
      },
      { timeout: cutMaxMs, interval: 5 },
    )
    await one.stop()
  })
})

describe('10,000 requests after a revoke was answered (REV-01)', () => {
  it.each(['direct', 'tunnel'] as const)(
    'reach nothing, however many run meanwhile: %s',
    { timeout: 180_000 },
    async (way) => {
      const { id, path } = await createShare(way === 'direct' ? await createDirectService() : serviceId)
      const agent = new Agent({ keepAlive: true, maxSockets: 32 })
      const state = { isRevoked: false }
      const statuses = { before: new Map<number, number>(), late: new Map<number, number>() }
      lateAtApp = 0
      const ask = (): Promise<void> =>
        new Promise((resolve, reject) => {
          const phase = state.isRevoked ? 'late' : 'before'
          const headers = phase === 'late' ? { 'x-late': '1' } : {}
          request(
            { port: hub.port, host: '127.0.0.1', path: `${path}/quick`, agent, headers },
            (response) => {
              const status = response.statusCode ?? 0
              statuses[phase].set(status, (statuses[phase].get(status) ?? 0) + 1)
              response.resume().on('close', resolve)
            },
          )
            .on('error', (error) => (phase === 'late' ? reject(error) : resolve()))
            .end()
        })
      const lateCount = (): number => [...statuses.late.values()].reduce((sum, count) => sum + count, 0)
      const visitors = Array.from({ length: 32 }, async () => {
        while (lateCount() < 10_000) await ask()
      })
      await vi.waitFor(() => expect(statuses.before.get(200)).toBeGreaterThan(200), 20_000)
      expect((await hub.api('DELETE', `/v1/shares/${id}`)).status).toBe(200)
      state.isRevoked = true
      await Promise.all(visitors)
      agent.destroy()
      expect([...statuses.late.keys()]).toEqual([403])
      expect(lateAtApp).toBe(0)
    },
  )
})
