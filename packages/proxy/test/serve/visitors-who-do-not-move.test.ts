// Guarantee (DOS-01, DOS-03, REL-10, SPEC §6): nobody holds a place without using it. A visitor that does not take its
// answer is cut after 60 s without progress, one on which nothing moves after 10 minutes, one that never ends its head
// after 15 s at the latest; a service that does not begin to answer is 504 after 60 s. Here all of it in less time.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { shareServerOptions } from '../../src/serve/index.ts'
import { settingsOf } from '../../src/serve/ports.ts'
import { eventually } from './kit/eventually.ts'
import { openRaw, sendRaw, statusOf } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let upstream: RawUpstream
let hub: ShareHub
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const block = Buffer.alloc(64 * 1024, 'x')

/** As much as is taken, for ever. */
function pour(socket: Socket): void {
  const send = (): void => {
    while (!socket.destroyed && socket.write(block));
  }
  socket.on('drain', send)
  send()
}

function answer(socket: Socket, text: string): void {
  if (!text.includes('\r\n\r\n') || socket.bytesWritten > 0 || text.includes('/silent')) return
  if (text.includes('/ws'))
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi')
  else if (text.includes('/events'))
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
  else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${10 * 1024 ** 3}\r\n\r\n`)
  if (text.includes('pour')) pour(socket)
}

const request = (path: string, ...headers: string[]): string =>
  [`GET /shared/${token}${path} HTTP/1.1`, 'Host: hub.test', ...headers, '', ''].join('\r\n')

async function start(options: Parameters<typeof startShareHub>[0]['options']): Promise<void> {
  upstream = await startRawUpstream(answer)
  hub = await startShareHub({ upstreamPort: upstream.port, ...(options !== undefined && { options }) })
}

/** Everything of it is gone, at both ends and from the count. */
async function untilGone(): Promise<void> {
  await eventually(() => {
    expect(hub.sockets()).toHaveLength(0)
    expect(upstream.sockets.size).toBe(0)
    expect(hub.shares.openCount).toBe(0)
  })
}

describe('a visitor that does not take its answer', () => {
  it.each([
    ['a download', request('/pour')],
    ['a WebSocket', request('/ws-pour', 'Connection: Upgrade', 'Upgrade: websocket')],
  ])('is cut: %s', async (_name, bytes) => {
    await start({ stalledTimeoutMs: 400 })
    const socket = connect(hub.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(bytes)
    socket.pause()
    await eventually(() => expect(hub.shares.openCount).toBe(1))
    const startedAtMs = performance.now()
    await untilGone()
    expect(performance.now() - startedAtMs).toBeGreaterThan(300)
    expect(hub.records).toHaveLength(1)
    socket.destroy()
  })

  it(
    'is left alone while it takes some, however slowly, and while nothing waits for it',
    { timeout: 30_000 },
    async () => {
      await start({ stalledTimeoutMs: 3_000 })
      const events = await openRaw(hub.port, request('/events'))
      await eventually(() => expect(events.received()).toContain('data: 1'))
      const slow = connect(hub.port, '127.0.0.1')
      slow.on('error', () => undefined)
      slow.write(request('/pour'))
      await once(slow, 'readable')
      // 3 MB a second: the kernels' buffers hide progress for up to a second.
      for (let turn = 0; turn < 250; turn += 1) {
        slow.read()
        await wait(20)
      }
      expect(slow.destroyed).toBe(false)
      expect(events.socket.destroyed).toBe(false)
      expect(hub.shares.openCount).toBe(2)
      slow.destroy()
    },
  )
})

describe('a stream on which nothing moves', () => {
  it.each([
    ['an event stream', request('/events')],
    ['a WebSocket', request('/ws', 'Connection: Upgrade', 'Upgrade: websocket')],
    ['an upload that stops', request('/silent', 'Transfer-Encoding: chunked').replace('GET', 'POST')],
  ])('is cut: %s', async (_name, bytes) => {
    await start({ silentTimeoutMs: 400 })
    await openRaw(hub.port, bytes)
    await eventually(() => expect(hub.shares.openCount).toBe(1))
    await untilGone()
  })

  it('is an upload that the service does not read, too (REL-10)', async () => {
    await start({ headersTimeoutMs: 500 })
    const service = await startRawUpstream((socket) => socket.pause())
    hub.grant = { ...hub.grant!, service: { ...hub.grant!.service, targetPort: service.port } }
    const socket = connect(hub.port, '127.0.0.1')
    let received = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => (received += chunk.toString('latin1')))
    socket.write(request('/silent', `Content-Length: ${10 * 1024 ** 3}`).replace('GET', 'POST'))
    pour(socket)
    await eventually(() => expect(hub.shares.openCount).toBe(1))
    await eventually(() => expect(hub.shares.openCount).toBe(0))
    expect(hub.records[0]).toMatchObject({ denied: 'upstream.timeout', statusCode: 504 })
    expect(received === '' || statusOf(received) === 504).toBe(true)
    socket.destroy()
    await service.close()
  })
})

describe('a service that says a byte now and then (TUN-21)', () => {
  it('is left alone for as long as it does', async () => {
    await start({ silentTimeoutMs: 800, stalledTimeoutMs: 800, headersTimeoutMs: 800 })
    const { socket, received } = await openRaw(hub.port, request('/events'))
    await eventually(() => expect(received()).toContain('data: 1'))
    const drip = setInterval(() => {
      for (const service of upstream.sockets) service.write(':')
    }, 200)
    await eventually(() => expect(received().split(':').length).toBeGreaterThan(15))
    clearInterval(drip)
    expect(socket.destroyed).toBe(false)
    await untilGone()
  })
})

describe('a service that takes the request and says nothing (REL-10, TUN-21)', () => {
  it('is 504 when the time for its head is up', async () => {
    await start({ headersTimeoutMs: 300 })
    expect(statusOf(await sendRaw(hub.port, request('/silent', 'Connection: close')))).toBe(504)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
  })
})

describe('a head that never ends (DOS-01)', () => {
  it(
    'is closed within 15 s, one byte a second or none, and 200 of them stop nobody',
    { timeout: 60_000 },
    async () => {
      await start({})
      const slow = Array.from({ length: 200 }, () => connect(hub.port, '127.0.0.1'))
      for (const socket of slow) socket.on('error', () => undefined).resume()
      const startedAtMs = performance.now()
      for (const socket of slow) socket.write(`GET /shared/${token}/events HTTP/1.1\r\nHost: hub.test\r\nX: `)
      const drip = setInterval(() => {
        for (const socket of slow) if (socket.writable) socket.write('a')
      }, 1_000)
      const { received, socket } = await openRaw(hub.port, request('/events'))
      await eventually(() => expect(received()).toContain('data: 1'))
      await eventually(() => expect(slow.every(({ destroyed }) => destroyed)).toBe(true), { timeout: 30_000 })
      clearInterval(drip)
      expect(performance.now() - startedAtMs).toBeLessThan(15_000)
      socket.destroy()
    },
  )
})

it('has the times of the contract where nobody says otherwise', () => {
  const { headersTimeoutMs, silentTimeoutMs, stalledTimeoutMs } = settingsOf({
    shareDomain: null,
    scheme: 'http',
  })
  expect({ headersTimeoutMs, silentTimeoutMs, stalledTimeoutMs }).toEqual({
    headersTimeoutMs: 60_000,
    silentTimeoutMs: 600_000,
    stalledTimeoutMs: 60_000,
  })
  expect(shareServerOptions.headersTimeout + shareServerOptions.connectionsCheckingInterval).toBeLessThan(
    15_000,
  )
})
