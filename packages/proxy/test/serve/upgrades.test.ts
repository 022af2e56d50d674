// Guarantee: a WebSocket is authorized like any request, dials nothing that the request names, loses no byte, and a reset
// in any phase ends both sides and nothing else (CASES WS).
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import type { Socket } from 'node:net'
import { bodyOf, headerOf, openRaw, sendRaw, statusOf } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, shareHost, startShareHub, type ShareHub } from './kit/share-hub.ts'

const accept = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
const upgrade = (target = '/ws', ...headers: string[]): string =>
  [
    `GET ${target} HTTP/1.1`,
    `Host: ${shareHost}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...headers,
    '',
    '',
  ].join('\r\n')

let answer: (socket: Socket, text: string) => void
let upstream: RawUpstream
let hub: ShareHub
beforeEach(async () => {
  upstream = await startRawUpstream((socket, text) => {
    if (text.includes('\r\n\r\n')) answer(socket, text)
  })
  hub = await startShareHub({ upstreamPort: upstream.port })
  answer = (socket) => {
    if (socket.bytesWritten === 0) socket.write(`${accept}Sec-WebSocket-Accept: x\r\n\r\n`)
  }
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

describe('an upgrade that is refused (WS-01, WS-05)', () => {
  it.each([
    ['a denied path', { allowedPaths: ['/api/*'] }, 403],
    ['a revoked share', { isRevoked: true }, 403],
    ['an expired share', { expiresAtMs: 1 }, 403],
    ['a method that is not allowed', { allowedMethods: ['POST'] as const }, 405],
    ['a share over its rate', { rateLimitPerMin: 0 }, 429],
  ])('%s → %i before any 101', async (_name, grant, status) => {
    hub.grant = grantFor(upstream.port, grant)
    const got = await sendRaw(hub.port, upgrade())
    expect(statusOf(got)).toBe(status)
    expect(JSON.parse(bodyOf(got))).toMatchObject({ statusCode: status })
    expect(upstream.connectionCount()).toBe(0)
    await eventually(() => expect(hub.records).toMatchObject([{ statusCode: status }]))
  })

  it.each(['/ws#frag', 'http://evil/ws', '//evil/../ws', 'ws://evil/ws', '*'])('%s → 400', async (target) => {
    expect(statusOf(await sendRaw(hub.port, upgrade(target)))).toBe(400)
    expect(upstream.connectionCount()).toBe(0)
  })

  it('that brings a body → 400', async () => {
    expect(statusOf(await sendRaw(hub.port, `${upgrade('/ws', 'Content-Length: 5')}hello`))).toBe(400)
    expect(upstream.connectionCount()).toBe(0)
  })

  it('dials the service, not what looks like a host in the path (WS-02)', async () => {
    const { socket, received } = await openRaw(hub.port, upgrade('//evil/ws'))
    await eventually(() => expect(statusOf(received())).toBe(101))
    expect(upstream.received()).toMatch(/^GET \/\/evil\/ws HTTP\/1\.1\r\nhost: 127\.0\.0\.1:/i)
    socket.destroy()
  })
})

describe('an accepted upgrade', () => {
  it('carries headers, subprotocol, and the bytes behind both heads', async () => {
    answer = (socket, text) => {
      if (socket.bytesWritten === 0) socket.write(`${accept}Sec-WebSocket-Protocol: chat\r\n\r\nfirst`)
      if (text.endsWith('early')) socket.write('echo')
    }
    const bytes = upgrade(
      '/ws?a=1',
      'Sec-WebSocket-Protocol: chat, x',
      `Origin: http://${shareHost}`,
      'Cookie: a=1',
    )
    const { socket, received } = await openRaw(hub.port, `${bytes}early`)
    await eventually(() => expect(bodyOf(received())).toBe('firstecho'))
    expect(headerOf(received(), 'sec-websocket-protocol')).toBe('chat')
    expect(headerOf(received(), 'upgrade')).toBe('websocket')
    const got = upstream.received()
    expect(got).toContain('GET /ws?a=1 HTTP/1.1')
    expect(got).toContain('Upgrade: websocket')
    expect(got).toContain(`Origin: http://127.0.0.1:${upstream.port}`)
    expect(got).toContain('Sec-WebSocket-Protocol: chat, x')
    expect(got).toContain('Cookie: a=1')
    socket.destroy()
    await eventually(() => expect(hub.records).toHaveLength(1))
    expect(hub.records[0]).toMatchObject({ statusCode: 101, path: '/ws', bytesIn: 5, denied: null })
    expect(hub.records[0]?.bytesOut).toBe('firstecho'.length)
  })

  it('leaves a foreign Origin for the app to judge (WS-06)', async () => {
    const { socket } = await openRaw(hub.port, upgrade('/ws', 'Origin: https://evil'))
    await eventually(() => expect(upstream.received()).toContain('Origin: https://evil'))
    socket.destroy()
  })

  it.each(['visitor', 'upstream'])('ends on both sides when the %s ends or resets it', async (side) => {
    for (const end of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const { socket, received } = await openRaw(hub.port, upgrade())
      await eventually(() => expect(statusOf(received())).toBe(101))
      const ending = side === 'visitor' ? socket : [...upstream.sockets][0]
      ending?.[end]()
      await eventually(() => expect(socket.destroyed).toBe(true))
      await eventually(() => expect(upstream.sockets.size).toBe(0))
      await eventually(() => expect(hub.shares.openCount).toBe(0))
    }
  })

  it('is counted once, and as an open stream', async () => {
    const tight = await startShareHub({
      upstreamPort: upstream.port,
      options: { streamsPerShareMax: 1 },
      grant: { rateLimitPerMin: 2 },
    })
    const first = await openRaw(tight.port, upgrade())
    await eventually(() => expect(statusOf(first.received())).toBe(101))
    for (let at = 0; at < 100; at += 1) first.socket.write('frame')
    expect(JSON.parse(bodyOf(await sendRaw(tight.port, upgrade())))).toMatchObject({
      code: 'share.streams_exhausted',
    })
    first.socket.destroy()
    await eventually(() => expect(tight.shares.openCount).toBe(0))
    expect(JSON.parse(bodyOf(await sendRaw(tight.port, upgrade())))).toMatchObject({
      code: 'share.rate_limited',
    })
    await tight.close()
  })
})

describe('an upgrade that the upstream does not accept (WS-08)', () => {
  it('is relayed as the ordinary answer that it is', async () => {
    answer = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-App: 1\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
    const got = await sendRaw(hub.port, upgrade())
    expect(statusOf(got)).toBe(200)
    expect(headerOf(got, 'x-app')).toBe('1')
    expect(bodyOf(got)).toContain('hello')
    await eventually(() => expect(upstream.sockets.size).toBe(0))
  })

  it('never looks complete when it was cut short', async () => {
    answer = (socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
    const got = await sendRaw(hub.port, upgrade())
    expect(statusOf(got)).toBe(403)
    expect(got).not.toContain('0\r\n\r\n')
  })

  it.each([
    ['no HTTP', 'SSH-2.0\r\n\r\n'],
    ['a reset', null],
    ['a status of 000', 'HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n'],
    ['a status of 099', 'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n'],
    ['a 101 that names no protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a 101 to another protocol', accept.replace('websocket', 'h2c') + '\r\n'],
  ])('%s → 502', async (_name, bytes) => {
    answer = (socket) => (bytes === null ? socket.resetAndDestroy() : socket.write(bytes))
    expect(statusOf(await sendRaw(hub.port, upgrade()))).toBe(502)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
  })

  it.each([
    ['says nothing', ''],
    ['says only that it is at it', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 X\r\n\r\n'],
  ])('within its time, as it %s → 504', async (_name, bytes) => {
    answer = (socket) => void socket.write(bytes)
    const own = await startShareHub({ upstreamPort: upstream.port, options: { headersTimeoutMs: 200 } })
    expect(statusOf(await sendRaw(own.port, upgrade()))).toBe(504)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    await own.close()
  })
})

describe('resets while the upgrade is under way (WS-04)', () => {
  it('by the visitor, close the dialled stream', async () => {
    answer = () => undefined
    const { socket } = await openRaw(hub.port, upgrade())
    await eventually(() => expect(upstream.sockets.size).toBe(1))
    socket.resetAndDestroy()
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    expect(hub.shares.openCount).toBe(0)
  })
})
