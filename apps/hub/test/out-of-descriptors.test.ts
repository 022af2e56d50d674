// Guarantee (DOS-06): a hub that may open no more descriptors neither ends nor forgets anything: it takes no more
// connections for as long, and works again when they are gone.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, get, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { shareDirectly } from './kit/share.ts'

let hub: TestHub
let app: Server
const sockets: Socket[] = []

beforeAll(async () => {
  app = createServer((_request, response) => response.end('app')).listen(0, '127.0.0.1')
  await once(app, 'listening')
  hub = await startTestHub()
}, 60_000)
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await hub?.remove()
  app?.close()
})

it('goes on after a flood of connections', { timeout: 60_000 }, async () => {
  const share = await shareDirectly(hub, (app.address() as AddressInfo).port)
  // On a connection of its own each time: a kept one needs no new descriptor.
  const visit = async () =>
    new Promise<number>((resolve, reject) => {
      const url = `${hub.url}/shared/${share.token}/`
      get(url, { agent: false, timeout: 2000 }, (answer) => resolve(answer.resume().statusCode ?? 0))
        .once('error', reject)
        .once('timeout', () => reject(new Error('timeout')))
    })
  expect(await visit()).toBe(200)
  // As `ulimit -n 256` would have it; the database, which is a process of its own, keeps what it has.
  execFileSync('prlimit', ['--pid', String(hub.program.child.pid), '--nofile=256:256'])
  for (let count = 0; count < 600; count += 1) {
    const socket = connect(hub.port, '127.0.0.1').on('error', () => {})
    sockets.push(socket)
  }
  await vi.waitFor(() => expect(sockets.some(({ destroyed }) => destroyed)).toBe(true), { timeout: 10_000 })
  await expect(visit()).rejects.toThrow(/hang up|reset|timeout/i)
  expect(hub.program.child.exitCode).toBeNull()
  for (const socket of sockets) socket.destroy()
  await vi.waitFor(async () => expect(await visit()).toBe(200), { timeout: 20_000, interval: 200 })
  expect((await hub.api('GET', '/v1/shares')).status).toBe(200)
})
