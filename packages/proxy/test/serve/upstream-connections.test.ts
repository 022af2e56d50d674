// Guarantee: a connection to an upstream carries one request at a time and is used again only after an exchange that was
// regular in every respect, and only while its upstream surely keeps it; nothing that was sent is sent again (SMG-09,
// SMG-15, SPEC §6).
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { openKeptVisitor, type KeptVisitor } from './kit/kept-visitor.ts'
import { bodyOf, openRaw, statusOf } from './kit/raw-client.ts'
import { okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub, type ShareHubStart } from './kit/share-hub.ts'

/** What the upstream does with each request, first to last; then `okAnswer` for ever. */
let answers: ((socket: Socket) => void)[]
let upstream: RawUpstream
let hubs: ShareHub[]
let visitor: KeptVisitor | null
beforeEach(async () => {
  answers = []
  hubs = []
  visitor = null
  upstream = await startRawUpstream((socket, text) => {
    if (!text.endsWith('\r\n\r\n') && !text.endsWith('-end')) return
    const answer = answers.shift()
    if (answer === undefined) socket.write(okAnswer)
    else answer(socket)
  })
})
afterEach(async () => {
  visitor?.close()
  for (const hub of hubs) await hub.close()
  await upstream.close()
})

async function start(options: ShareHubStart['options'] = {}): Promise<ShareHub> {
  const hub = await startShareHub({ upstreamPort: upstream.port, options })
  hubs.push(hub)
  return hub
}

/** Asks on the one connection of the test's visitor: an upstream connection is used again only for that. */
async function ask(hub: ShareHub, text: string): Promise<string> {
  visitor ??= await openKeptVisitor(hub.port)
  return visitor.ask(text)
}
const bare = (method: string, path = 'x'): string =>
  `${method} /shared/${token}/${path} HTTP/1.1\r\nHost: hub.test\r\n\r\n`
const get = (hub: ShareHub, path?: string): Promise<string> => ask(hub, bare('GET', path))
const post = (headers: string, body: string): string =>
  `POST /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\n${headers}\r\n${body}`
const saying = (text: string) => (socket: Socket) => void socket.write(text, 'latin1')
const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))

describe('a connection is used again', () => {
  it.each([
    ['with a length', okAnswer],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['behind informational ones', `HTTP/1.1 103 X\r\n\r\n${okAnswer}`],
    ['that says for how long', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 0\r\n\r\n'],
  ])('after an answer %s', async (_name, bytes) => {
    const hub = await start()
    answers = [saying(bytes), saying(bytes)]
    for (let turn = 0; turn < 3; turn += 1) expect(statusOf(await get(hub))).toBeLessThan(300)
    expect(upstream.connectionCount()).toBe(1)
  })

  it('after an upload, whole', async () => {
    const hub = await start()
    await ask(hub, post('Content-Length: 4\r\n', '-end'))
    await ask(hub, post('Transfer-Encoding: chunked\r\n', '4\r\nwell\r\n4\r\n-end\r\n0\r\n\r\n'))
    await get(hub)
    expect(upstream.connectionCount()).toBe(1)
    expect(upstream.received()).toContain('\r\n\r\n-endPOST')
    expect(upstream.received()).toContain('0\r\n\r\nGET')
  })
})

describe('a connection is closed and not used again', () => {
  it.each([
    ['that announces its end', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['with bytes behind it', `${okAnswer}\r\n`],
    ['with a second answer behind it', `${okAnswer}${okAnswer}`],
    ['that leaves no time', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'],
  ])('after an answer %s', async (_name, bytes) => {
    const hub = await start()
    answers = [saying(bytes)]
    expect(bodyOf(await get(hub))).toBe('ok')
    expect(bodyOf(await get(hub))).toBe('ok')
    expect(upstream.connectionCount()).toBe(2)
    await eventually(() => expect(upstream.sockets.size).toBe(1))
  })

  it.each([
    ['says something unasked', saying('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n')],
    ['ends', (socket: Socket) => void socket.end()],
    ['is reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('when, idle, it %s', async (_name, act) => {
    const hub = await start()
    await get(hub)
    const [socket] = [...upstream.sockets]
    if (socket === undefined) throw new Error('The connection is gone already')
    act(socket)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    expect(bodyOf(await get(hub))).toBe('ok')
    expect(upstream.connectionCount()).toBe(2)
  })

  it('when it was idle for long', async () => {
    const hub = await start({ keepAliveTimeoutMs: 200 })
    await get(hub)
    expect(upstream.sockets.size).toBe(1)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
  })

  it('after an answer that came before the end of its request', async () => {
    const hub = await start()
    const { socket, received } = await openRaw(hub.port, post('Content-Length: 100\r\n', '-end'))
    await eventually(() => expect(received()).toContain('ok'))
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    socket.destroy()
    expect(bodyOf(await get(hub))).toBe('ok')
  })
})

describe('a request', () => {
  it('that its connection drops without an answer is not sent again, however it began', async () => {
    const hub = await start()
    await get(hub)
    answers = [(socket) => void socket.destroy()]
    expect(statusOf(await get(hub, 'once'))).toBe(502)
    expect(upstream.received().match(/\/once/g)).toHaveLength(1)
  })

  it('leaves with the first bytes of its body in one piece', async () => {
    const pieces: string[] = []
    const hub = await start()
    await get(hub)
    const [socket] = [...upstream.sockets]
    socket?.on('data', (piece) => pieces.push(piece.toString('latin1')))
    await ask(hub, post('Content-Length: 4\r\n', '-end'))
    expect(pieces).toHaveLength(1)
    await ask(hub, post('Transfer-Encoding: chunked\r\n', '4\r\n-end\r\n0\r\n\r\n'))
    expect(pieces[1]).toMatch(/transfer-encoding: chunked\r\n\r\n4\r\n-end\r\n/)
  })

  it('without a body says so where servers want to know', async () => {
    const hub = await start()
    await ask(hub, bare('PUT'))
    await ask(hub, bare('DELETE'))
    expect(upstream.received()).toMatch(/^PUT [^]*content-length: 0\r\n\r\nDELETE/)
    expect(upstream.received().match(/content-length/g)).toHaveLength(1)
  })

  it('whose visitor is slow with its body is not the upstream’s fault', async () => {
    const hub = await start({ headersTimeoutMs: 200 })
    const { socket, received } = await openRaw(hub.port, post('Content-Length: 5\r\n', '1'))
    await pause(800)
    expect(received()).toBe('')
    socket.write('-end')
    await eventually(() => expect(received()).toContain('ok'))
  })

  it('that the upstream reads in full and never answers ends with 504', async () => {
    const hub = await start({ headersTimeoutMs: 200 })
    answers = [() => undefined]
    expect(statusOf(await ask(hub, post('Content-Length: 4\r\n', '-end')))).toBe(504)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
  })
})

describe('an answer', () => {
  it('that comes byte by byte is the same answer', async () => {
    const hub = await start()
    answers = [
      async (socket) => {
        socket.setNoDelay(true)
        for (const byte of 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n') {
          socket.write(byte)
          await pause(1)
        }
      },
    ]
    expect(bodyOf(await get(hub))).toMatch(/^(?:2\r\nok|1\r\no\r\n1\r\nk)\r\n0\r\n\r\n$/)
  })

  it('of another protocol is refused at its first bytes', async () => {
    const hub = await start()
    answers = [saying('SSH-2.0-')]
    expect(statusOf(await get(hub))).toBe(502)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
  })

  it('that was half read when its visitor stalled is read on for the next one', async () => {
    const hub = await start({ keepAliveTimeoutMs: 60_000 })
    answers = [
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8000000\r\n\r\n')
        socket.write(Buffer.alloc(8_000_000))
      },
    ]
    const line = `GET /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\n\r\n`
    const { socket, received } = await openRaw(hub.port, line)
    await eventually(() => expect(received()).toContain('\r\n\r\n'))
    const bytes = received().indexOf('\r\n\r\n') + 4 + 8_000_000
    socket.pause()
    await pause(200)
    socket.resume()
    await eventually(() => expect(socket.bytesRead).toBe(bytes))
    socket.write(line)
    await eventually(() => expect(socket.bytesRead).toBeGreaterThan(bytes))
    expect(upstream.connectionCount()).toBe(1)
    socket.destroy()
    await once(socket, 'close')
  })
})
