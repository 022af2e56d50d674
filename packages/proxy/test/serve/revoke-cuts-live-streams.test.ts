// Guarantee: after a cut nothing of the share is open on either side, whatever it was, and nothing new reaches the
// upstream (REV-01, REV-03); expiry does the same by itself (TOK-12).
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { AppError } from '@private-connect/errors'
import type { ShareGrant } from '../../src/serve/index.ts'
import { openKeptVisitor } from './kit/kept-visitor.ts'
import { openRaw, sendOne, sendRaw, statusOf } from './kit/raw-client.ts'
import { okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

/** Holds every kind of stream open. */
function hold(socket: Socket, text: string): void {
  if (!text.includes('\r\n\r\n') || text.includes('/silent') || socket.bytesWritten > 0) return
  if (text.includes('/quick')) socket.write(okAnswer)
  if (text.includes('/ws'))
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi')
  if (text.includes('/sse'))
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
  if (text.includes('/download'))
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
}

const head = (line: string, ...headers: string[]): string =>
  [line.replace('/', `/shared/${token}/`), 'Host: hub.test', ...headers, '', ''].join('\r\n')

const streams: readonly (readonly [string, string, string])[] = [
  ['a WebSocket', head('GET /ws HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket'), 'hi'],
  ['server-sent events', head('GET /sse HTTP/1.1'), 'data: 1'],
  ['a download', head('GET /download HTTP/1.1'), 'hello'],
  ['an upload', `${head('POST /silent HTTP/1.1', 'Transfer-Encoding: chunked')}5\r\nhello\r\n`, ''],
  ['a request that waits for its answer', head('GET /silent HTTP/1.1'), ''],
]

let upstream: RawUpstream
let hub: ShareHub
beforeEach(async () => {
  upstream = await startRawUpstream(hold)
  hub = await startShareHub({ upstreamPort: upstream.port })
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

async function openStream(bytes: string, proof: string): Promise<Socket> {
  const { socket, received } = await openRaw(hub.port, bytes)
  await eventually(() => {
    expect(received()).toContain(proof)
    expect(upstream.received()).toContain(/ (\/shared\/\w+)(\/\w+) /.exec(bytes)?.[2])
    expect(upstream.received()).toContain(bytes.startsWith('POST') ? 'hello' : 'GET')
  })
  return socket
}

/** What is still open of a stream: nothing, within a second. */
async function leftOf(socket: Socket): Promise<number> {
  const count = (): number => Number(!socket.destroyed) + upstream.sockets.size + hub.shares.openCount
  await eventually(() => expect(count()).toBe(0), { timeout: 1_000, interval: 5 })
  return count()
}

describe('a cut', () => {
  it.each(streams)('ends %s, both sides', async (_name, bytes, proof) => {
    const socket = await openStream(bytes, proof)
    expect(hub.shares.openCount).toBe(1)
    hub.shares.cutShare('share_1')
    expect(await leftOf(socket)).toBe(0)
    expect(hub.records).toHaveLength(1)
  })

  it('leaves other shares alone', async () => {
    const socket = await openStream(streams[0]?.[1] ?? '', 'hi')
    hub.shares.cutShare('share_2')
    await wait(50)
    expect(socket.destroyed).toBe(false)
    socket.destroy()
  })

  it('closes idle pooled connections', async () => {
    const visitor = await openKeptVisitor(hub.port)
    expect(statusOf(await visitor.ask(head('GET /quick HTTP/1.1')))).toBe(200)
    expect(upstream.sockets.size).toBe(1)
    hub.shares.cutShare('share_1')
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    visitor.close()
  })

  it('ends 600 streams in batches', { timeout: 60_000 }, async () => {
    const many = await startShareHub({ upstreamPort: upstream.port, options: { streamsPerShareMax: 1_000 } })
    const opened = await Promise.all(
      Array.from({ length: 600 }, () => openRaw(many.port, head('GET /sse HTTP/1.1'))),
    )
    await eventually(() => expect(many.shares.openCount).toBe(600), { timeout: 10_000 })
    await eventually(() => expect(opened.every(({ received }) => received().includes('data'))).toBe(true), {
      timeout: 10_000,
    })
    many.shares.cutShare('share_1')
    expect(many.shares.openCount).toBeGreaterThanOrEqual(600 - 256)
    await many.shares.whenCut()
    expect(many.shares.openCount).toBe(0)
    await eventually(() => expect(opened.every(({ socket }) => socket.destroyed)).toBe(true), {
      timeout: 3_000,
    })
    await eventually(() => expect(upstream.sockets.size).toBe(0), { timeout: 3_000 })
    await many.close()
  })
})

describe('a revoked share', () => {
  it('answers 403 on every connection, and nothing reaches the upstream (REV-01)', async () => {
    const opened = await openRaw(hub.port, head('GET /quick HTTP/1.1'))
    await eventually(() => expect(opened.received()).toContain('ok'))
    hub.grant = grantFor(upstream.port, { isRevoked: true })
    hub.shares.cutShare('share_1')
    const before = upstream.received().length
    opened.socket.write(head('GET /quick HTTP/1.1'))
    await eventually(() => expect(opened.received()).toContain('403 Forbidden'))
    for (let at = 0; at < 50; at += 1) {
      expect(statusOf(await sendOne(hub.port, `GET /shared/${token}/quick HTTP/1.1`))).toBe(403)
    }
    expect(upstream.received().length).toBe(before)
  })

  it('holds against a look-up that was on its way when the share was cut', async () => {
    let answerLookup: (grant: ShareGrant) => void = () => undefined
    const lookups: unknown[] = []
    const slow = await startShareHub({
      upstreamPort: upstream.port,
      ports: {
        findShare: (asked) => {
          lookups.push(asked)
          const isFirst = lookups.length === 1
          return new Promise((resolve) => {
            if (isFirst) answerLookup = resolve
            else resolve(grantFor(upstream.port, { isRevoked: true }))
          })
        },
      },
    })
    const answer = sendOne(slow.port, `GET /shared/${token}/quick HTTP/1.1`)
    await eventually(() => expect(lookups).toHaveLength(1))
    slow.shares.cutShare('share_1')
    answerLookup(grantFor(upstream.port))
    expect(statusOf(await answer)).toBe(403)
    expect(upstream.received()).toBe('')
    await slow.close()
  })

  it('holds against a limiter that was asked when the share was cut', async () => {
    const allows: (() => void)[] = []
    const slow = await startShareHub({
      upstreamPort: upstream.port,
      ports: {
        limiter: {
          consume: (_key, limit) =>
            new Promise((resolve) => {
              allows.push(() => resolve({ isAllowed: true, limit, remaining: 1, resetMs: 1 }))
            }),
        },
      },
    })
    const answer = sendOne(slow.port, `GET /shared/${token}/quick HTTP/1.1`)
    await eventually(() => expect(allows).toHaveLength(1))
    slow.grant = grantFor(upstream.port, { isRevoked: true })
    slow.shares.cutShare('share_1')
    allows[0]?.()
    expect(statusOf(await answer)).toBe(403)
    expect(upstream.received()).toBe('')
    await slow.close()
  })

  it('holds against a dial that was under way', async () => {
    let connect: () => void = () => undefined
    const slow = await startShareHub({
      upstreamPort: upstream.port,
      ports: {
        dial: (_service, { signal }) =>
          new Promise((_resolve, reject) => {
            connect = () => reject(new AppError('upstream.refused'))
            signal.addEventListener('abort', () => reject(new AppError('upstream.failed')))
          }),
      },
    })
    const answer = sendRaw(slow.port, head('GET /quick HTTP/1.1'))
    await eventually(() => expect(slow.shares.openCount).toBe(1))
    slow.shares.cutShare('share_1')
    expect(await answer).toBe('')
    connect()
    await slow.close()
  })
})

describe('expiry', () => {
  it.each([
    [-1, false],
    [0, true],
    [1, true],
  ])('at expiresAt %i ms: refused %s (TOK-12)', async (offsetMs, isRefused) => {
    hub.grant = grantFor(upstream.port, { expiresAtMs: hub.nowMs - offsetMs })
    const answer = await sendOne(hub.port, `GET /shared/${token}/quick HTTP/1.1`)
    // One millisecond before, it is let in, and may be cut by the share's own timer before its answer.
    expect(statusOf(answer) === 403).toBe(isRefused)
    await eventually(() => expect(hub.records[0]?.denied).toBe(isRefused ? 'share.inactive' : null))
  })

  it.each(streams)('cuts %s within a second', async (_name, bytes, proof) => {
    hub.grant = grantFor(upstream.port, { expiresAtMs: hub.nowMs + 400 })
    const socket = await openStream(bytes, proof)
    expect(await leftOf(socket)).toBe(0)
  })

  it('answers expired and revoked alike', async () => {
    const bodies = []
    for (const grant of [{ isRevoked: true }, { expiresAtMs: 1 }]) {
      hub.grant = grantFor(upstream.port, grant)
      const answer = await sendOne(hub.port, `GET /shared/${token}/ HTTP/1.1`)
      bodies.push(answer.replaceAll(/req_[\w-]+/g, '').replace(/Date: .*/, ''))
    }
    expect(bodies[0]).toBe(bodies[1])
    expect(bodies[0]).not.toMatch(/acme|demo/)
  })
})
