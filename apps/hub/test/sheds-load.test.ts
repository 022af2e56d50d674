// Guarantee (REL-14): a hub whose heap is nearly full answers 503 to what is new and keeps what it has, instead of being
// ended by V8 with all of it; when streams have gone it takes new ones again.
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'

let hub: TestHub
let app: Server
const streams: Socket[] = []

beforeAll(async () => {
  hub = await startTestHub({
    NODE_OPTIONS: '--max-old-space-size=112 --max-semi-space-size=2',
    SHARE_STREAMS_MAX: '100000',
    WORKSPACE_STREAMS_MAX: '100000',
    SHARE_REQUESTS_PER_MIN: '1000000',
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
  })
  app = createServer({ keepAliveTimeout: 0 }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
  })
  await new Promise<void>((done) => app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, done))
}, 120_000)
afterAll(async () => {
  for (const stream of streams) stream.destroy()
  app.closeAllConnections()
  app.close()
  await hub.remove()
})

/** Resolves with the status of the answer; a 200 stays open. */
function openEvents(path: string): Promise<number> {
  const socket = connect(hub.port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.on('error', () => resolve(0))
    socket.once('data', (head) => {
      const status = Number(head.toString('latin1').slice(9, 12))
      if (status === 200) streams.push(socket.on('data', () => undefined))
      else socket.destroy()
      resolve(status)
    })
    socket.write(`GET ${path}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  })
}

it(
  'says 503 before its heap is full, goes on, and takes more when it can',
  { timeout: 240_000 },
  async () => {
    const { body } = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
      name: 'app',
      targetHost: '127.0.0.1',
      targetPort: (app.address() as AddressInfo).port,
    })
    const created = await hub.api<{ share: { token: string } }>(
      'POST',
      `/v1/services/${body.service.id}/shares`,
      {
        name: 'app',
      },
    )
    const path = `/shared/${created.body.share.token}`
    let refused = 0
    while (refused < 200 && streams.length < 9_000) {
      const statuses = await Promise.all(Array.from({ length: 50 }, () => openEvents(path)))
      expect(statuses.every((status) => status === 200 || status === 503)).toBe(true)
      refused += statuses.filter((status) => status === 503).length
    }
    expect(refused).toBeGreaterThanOrEqual(200)
    expect(streams.length).toBeGreaterThan(100)
    // The hub itself answers, and what is open stays open.
    expect((await fetch(`${hub.url}/livez`)).status).toBe(200)
    expect(streams.every(({ destroyed }) => !destroyed)).toBe(true)
    for (const stream of streams.splice(0)) stream.destroy()
    await vi.waitFor(async () => expect(await openEvents(path)).toBe(200), { timeout: 60_000, interval: 500 })
    expect(hub.program.child.exitCode).toBeNull()
  },
)
