// Guarantee: bodies of any size stream both ways with back-pressure; nothing is held whole, nothing is held back
// (SPEC §6, promise 8; DOS-03, WS-11).
import { createHash, randomBytes } from 'node:crypto'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { openRaw, sendRaw, statusOf } from './kit/raw-client.ts'
import { listenOn } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const size = 128 * 2 ** 20
const block = randomBytes(2 ** 16)
const blocks = size / block.length
const expectedHash = createHash('sha256')
for (let at = 0; at < blocks; at += 1) expectedHash.update(block)
const sha256 = expectedHash.digest('hex')

let upstream: Server
let hub: ShareHub
let upstreamSent = 0

async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

beforeAll(async () => {
  upstream = createServer((incoming, response) => {
    if (incoming.url === '/upload') {
      void hashOf(incoming).then((hash) => response.end(hash))
      return
    }
    if (incoming.url === '/never-read') {
      response.on('error', () => undefined)
      return
    }
    if (incoming.url === '/early') {
      response.writeHead(413).end('enough')
      return
    }
    if (incoming.url === '/sse') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      incoming.socket.on('data', () => undefined)
      return
    }
    let left = incoming.url === '/endless' ? Number.POSITIVE_INFINITY : blocks
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    const write = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 1
        upstreamSent += block.length
        if (!response.write(block)) return void response.once('drain', write)
      }
      response.end()
    }
    write()
  })
  upstream.requestTimeout = 0
  const port = await listenOn(upstream)
  hub = await startShareHub({ upstreamPort: port })
})
afterAll(async () => {
  await hub.close()
  upstream.closeAllConnections()
  upstream.close()
})

function send(path: string, method = 'GET'): ReturnType<typeof request> {
  return request({ port: hub.port, host: '127.0.0.1', path: `/shared/${token}${path}`, method })
}

function responseOf(sent: ReturnType<typeof request>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
}

describe('128 MiB', { timeout: 60_000 }, () => {
  it('down arrive byte-identical, and never run far ahead of their reader', async () => {
    upstreamSent = 0
    const sent = send('/download')
    sent.end()
    const hash = createHash('sha256')
    let received = 0
    let ahead = 0
    for await (const chunk of (await responseOf(sent)) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      received += chunk.length
      ahead = Math.max(ahead, upstreamSent - received)
      // A reader that is slower than the upstream: whatever a hub buffers would pile up here.
      if (received % 2 ** 21 < chunk.length) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(hash.digest('hex')).toBe(sha256)
    // What the kernel's socket buffers take on two hops of loopback.
    expect(ahead).toBeLessThan(size / 4)
    await eventually(() => expect(hub.records.at(-1)).toMatchObject({ bytesOut: size, statusCode: 200 }))
  })

  it.each(['chunked', 'with a length'])('up (%s) arrive byte-identical', async (kind) => {
    const sent = send('/upload', 'POST')
    if (kind !== 'chunked') sent.setHeader('content-length', size)
    void (async () => {
      for (let at = 0; at < blocks; at += 1) {
        if (!sent.write(block)) await new Promise((resolve) => sent.once('drain', resolve))
      }
      sent.end()
    })()
    const response = await responseOf(sent)
    let text = ''
    for await (const chunk of response) text += String(chunk)
    expect(text).toBe(sha256)
    await eventually(() => expect(hub.records.at(-1)).toMatchObject({ bytesIn: size, bytesOut: 64 }))
  })
})

describe('a stalled end', { timeout: 30_000 }, () => {
  it('that reads nothing holds back the upstream: the hub keeps at most a few buffers', async () => {
    upstreamSent = 0
    const { socket } = await openRaw(
      hub.port,
      `GET /shared/${token}/endless HTTP/1.1\r\nHost: hub.test\r\n\r\n`,
    )
    socket.pause()
    let last = -1
    await eventually(
      () => {
        const settled = upstreamSent === last && last > 0
        last = upstreamSent
        expect(settled).toBe(true)
      },
      { timeout: 10_000, interval: 300 },
    )
    const held = Math.max(...hub.sockets().map(({ writableLength }) => writableLength))
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThan(2 ** 20)
    socket.destroy()
    await eventually(() => expect(hub.shares.openCount).toBe(0))
  })

  it('that takes no upload holds back the visitor', async () => {
    const sent = send('/never-read', 'POST')
    sent.on('error', () => undefined)
    let accepted = 0
    while (accepted < size && sent.write(block)) accepted += block.length
    await eventually(() => expect(sent.writableNeedDrain).toBe(true))
    sent.destroy()
    await eventually(() => expect(hub.shares.openCount).toBe(0))
  })
})

describe('what must not wait', () => {
  it('is the head of a stream that has no events yet', async () => {
    const { socket, received } = await openRaw(
      hub.port,
      `GET /shared/${token}/sse HTTP/1.1\r\nHost: hub.test\r\n\r\n`,
    )
    await eventually(() => expect(received()).toContain('text/event-stream'))
    socket.destroy()
  })

  it('is 100 Continue, once there is a place for the body', async () => {
    const head = `POST /shared/${token}/upload HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n`
    const { socket, received } = await openRaw(
      hub.port,
      `${head}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
    )
    await eventually(() => expect(received()).toBe('HTTP/1.1 100 Continue\r\n\r\n'))
    socket.write('hello')
    await eventually(() => expect(received()).toContain(createHash('sha256').update('hello').digest('hex')))
    expect(hub.records.at(-1)).toBeDefined()
  })

  it('is an answer that comes before the end of the upload; its connection ends', async () => {
    const head = `POST /shared/${token}/early HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 1000000\r\n\r\n`
    const answer = await sendRaw(hub.port, `${head}${'a'.repeat(1_000)}`)
    expect(statusOf(answer)).toBe(413)
    expect(answer).toContain('enough')
  })
})
