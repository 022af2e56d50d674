// Guarantee (REV-12): whatever takes something from visitors cuts what is open on a real hub, and what takes nothing does not.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'

let inner: InnerHub
let app: Server
const appSockets = new Set<Socket>()

beforeAll(async () => {
  app = createServer((socket) => {
    appSockets.add(socket)
    socket.on('close', () => appSockets.delete(socket)).on('error', () => socket.destroy())
    socket.on('data', (data) => {
      if (!String(data).includes('\r\n\r\n')) return
      const isUpgrade = /upgrade: websocket/i.test(String(data))
      const head = isUpgrade
        ? 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
        : 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
      socket.write(`${head}data: open\n\n`)
    })
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  inner = await startInnerHub()
}, 120_000)
afterAll(async () => {
  await inner?.remove()
  app?.close()
})

interface Opened {
  readonly serviceId: string
  readonly shareId: string
  readonly visitors: readonly Socket[]
}

let serial = 0

/** A share of the app with a WebSocket and an event stream open on it. */
async function openStreams(fields: object = {}): Promise<Opened> {
  const target = { name: `web${(serial += 1)}`, targetHost: '127.0.0.1' }
  const targetPort = (app.address() as AddressInfo).port
  const made = await inner.api<{ service: { id: string } }>('POST', '/v1/services/external', {
    ...target,
    targetPort,
  })
  const serviceId = made.body.service.id
  const { body } = await inner.api<{ share: { id: string; token: string } }>(
    'POST',
    `/v1/services/${serviceId}/shares`,
    { name: 'demo', ...fields },
  )
  const head = (...headers: string[]) =>
    [`GET /shared/${body.share.token}/api/live HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n')
  const visitors = await Promise.all([
    openVisitor(
      head(
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ),
    ),
    openVisitor(head()),
  ])
  return { serviceId, shareId: body.share.id, visitors }
}

async function openVisitor(head: string): Promise<Socket> {
  const socket = connect(inner.port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  let received = ''
  socket.on('data', (data) => (received += String(data)))
  socket.write(head)
  await expect.poll(() => received, { timeout: 10_000 }).toContain('data: open')
  return socket
}

const openCount = () => inner.hub.deps.shareServer.openCount

async function expectCut({ visitors }: Opened): Promise<void> {
  await expect
    .poll(() => visitors.map(({ closed }) => closed), { timeout: 1_000, interval: 5 })
    .toEqual([true, true])
  await expect.poll(() => [openCount(), appSockets.size], { timeout: 1_000, interval: 5 }).toEqual([0, 0])
}

const changes: readonly (readonly [string, object, object])[] = [
  ['paths that there are fewer of', { allowedPaths: ['/api/*', '/x'] }, { allowedPaths: ['/x'] }],
  ['paths where all were allowed', {}, { allowedPaths: ['/x'] }],
  ['methods that there are fewer of', { allowedMethods: ['GET', 'POST'] }, { allowedMethods: ['POST'] }],
  ['methods where all were allowed', {}, { allowedMethods: ['POST'] }],
  ['an earlier end', { expiresIn: '7d' }, { expiresIn: '1h' }],
]

describe('a share', () => {
  it.each(changes)('is cut by %s', async (_what, before, change) => {
    const opened = await openStreams(before)
    expect(openCount()).toBe(2)
    expect((await inner.api('PATCH', `/v1/shares/${opened.shareId}`, change)).status).toBe(200)
    await expectCut(opened)
  })

  it.each([
    ['more paths', { allowedPaths: ['/api/*'] }, { allowedPaths: ['/api/*', '/x'] }],
    ['more methods', { allowedMethods: ['GET'] }, { allowedMethods: ['GET', 'POST'] }],
    ['another name', {}, { name: 'other' }],
    ['a later end', { expiresIn: '1h' }, { expiresIn: '7d' }],
  ])('goes on with %s', async (_what, before, change) => {
    const opened = await openStreams(before)
    expect((await inner.api('PATCH', `/v1/shares/${opened.shareId}`, change)).status).toBe(200)
    expect(openCount()).toBe(2)
    // Bytes still pass, both ways of the stream.
    for (const socket of appSockets) socket.write('data: more\n\n')
    await Promise.all(opened.visitors.map(async (visitor) => once(visitor, 'data')))
    await inner.api('DELETE', `/v1/shares/${opened.shareId}`)
    await expectCut(opened)
  })
})

describe('a service', () => {
  it.each([
    ['is deleted', 'DELETE', undefined],
    ['leads elsewhere', 'PATCH', { targetPort: 9 }],
  ])('that %s cuts its shares', async (_what, method, change) => {
    const opened = await openStreams()
    expect((await inner.api(method, `/v1/services/${opened.serviceId}`, change)).status).toBe(200)
    await expectCut(opened)
  })
})

describe('a workspace whose databases become read-only', () => {
  it('cuts the shares that could write, and no others', async () => {
    const reading = await openStreams()
    const writing = await openStreams({ allowWrites: true })
    const policy = { databasesReadOnly: true }
    expect((await inner.api('PATCH', '/v1/workspace', { policy })).status).toBe(200)
    const closed = ({ visitors }: Opened) => visitors.map((visitor) => visitor.closed)
    await expect.poll(() => closed(writing), { timeout: 1_000, interval: 5 }).toEqual([true, true])
    expect([closed(reading), openCount()]).toEqual([[false, false], 2])
    await inner.api('DELETE', `/v1/shares/${reading.shareId}`)
    await expectCut(reading)
  })
})
