// Guarantee: an upstream's answer that is cut short or malformed never looks complete to the visitor, its connection is
// never used again, and what was sent once is never sent twice (SMG-09, SMG-15, SMG-16).
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf, headerOf, sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let answer: (socket: Socket, text: string) => void
let upstream: RawUpstream
let hub: ShareHub
beforeEach(async () => {
  upstream = await startRawUpstream((socket, text) => {
    if (text.includes('\r\n\r\n')) answer(socket, text)
  })
  hub = await startShareHub({ upstreamPort: upstream.port })
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const get = (): Promise<string> => sendOne(hub.port, `GET /shared/${token}/x HTTP/1.1`)

describe('an answer that is cut short', () => {
  it('with a length: the visitor sees fewer bytes than promised', async () => {
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello')
    const got = await get()
    expect(headerOf(got, 'content-length')).toBe('10')
    expect(bodyOf(got).length).toBeLessThan(10)
  })

  it('in chunks: the visitor never sees the last chunk', async () => {
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
    const got = await get()
    expect(statusOf(got)).toBe(200)
    expect(got).not.toContain('0\r\n\r\n')
  })

  it('by a reset behind a body without a length: the visitor never sees the last chunk', async () => {
    answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhello')
      setTimeout(() => socket.resetAndDestroy(), 50)
    }
    const got = await get()
    expect(statusOf(got)).toBe(200)
    expect(got).not.toContain('0\r\n\r\n')
  })

  it('before its head: 502', async () => {
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le')
    expect(statusOf(await get())).toBe(502)
    answer = (socket) => socket.resetAndDestroy()
    expect(statusOf(await get())).toBe(502)
  })
})

describe('an answer that is malformed', () => {
  it.each([
    ['CL and TE', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two different CL', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['an unasked 101', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['nine informational answers', `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(9)}HTTP/1.1 200 OK\r\n\r\n`],
    ['a head of 100 KiB', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(102_400)}\r\n\r\n`],
  ])('%s → 502', async (_name, bytes) => {
    answer = (socket) => socket.write(bytes)
    expect(statusOf(await get())).toBe(502)
    expect(upstream.sockets.size).toBe(0)
  })

  it('longer than its length: the rest reaches nobody and the connection is not used again', async () => {
    answer = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nevil')
    expect(bodyOf(await get())).toBe('ok')
    expect(bodyOf(await get())).toBe('ok')
    expect(upstream.connectionCount()).toBe(2)
  })
})

describe('an answer without trouble', () => {
  it('from HTTP/1.0, ended by the connection, is complete', async () => {
    answer = (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nhello')
    const got = await get()
    expect(headerOf(got, 'transfer-encoding')).toBe('chunked')
    expect(bodyOf(got)).toBe('5\r\nhello\r\n0\r\n\r\n')
  })

  it.each([204, 304])('%i has no body and keeps the connection in step', async (status) => {
    answer = (socket, text) => {
      if (text.endsWith('\r\n\r\n')) socket.write(`HTTP/1.1 ${status} X\r\nETag: "1"\r\n\r\n`)
    }
    const head = `GET /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\n`
    const got = await sendRaw(hub.port, `${head}\r\n${head}Connection: close\r\n\r\n`)
    expect(got.match(new RegExp(`HTTP/1.1 ${status} X`, 'g'))).toHaveLength(2)
    expect(got).not.toContain('chunked')
  })

  it('reaches a visitor of HTTP/1.0', async () => {
    answer = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n')
    const got = await sendRaw(hub.port, `GET /shared/${token}/x HTTP/1.0\r\nHost: hub.test\r\n\r\n`)
    expect(bodyOf(got)).toBe('ok')
    expect(got).not.toMatch(/chunked/i)
  })
})

describe('what was sent', () => {
  it.each(['GET', 'POST'])('is never sent again when the upstream drops %s (SMG-15)', async (method) => {
    answer = (socket) => socket.destroy()
    const got = await sendOne(hub.port, `${method} /shared/${token}/x HTTP/1.1`, ['Content-Length: 0'])
    expect(statusOf(got)).toBe(502)
    expect(upstream.connectionCount()).toBe(1)
  })
})
