// Guarantee: a visitor who leaves, at any moment, costs the upstream nothing from then on: no connection leaks, no
// request is sent on its behalf (SMG-14), not even one that was waiting for its connection.
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { AppError } from '@private-connect/errors'
import { openKeptVisitor } from './kit/kept-visitor.ts'
import { openRaw, sendOne, statusOf } from './kit/raw-client.ts'
import { answering, okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let upstream: RawUpstream
let hub: ShareHub
let dialled: (() => void)[]
beforeEach(async () => {
  dialled = []
  upstream = await startRawUpstream((socket, text) => {
    if (text.includes('/slow')) socket.write(socket.bytesWritten === 0 ? 'HTTP/1.1 200 OK\r\n\r\nhello' : '')
    else answering(okAnswer)(socket, text)
  })
  hub = await startShareHub({
    upstreamPort: upstream.port,
    ports: {
      dial: ({ targetPort }) =>
        new Promise<Duplex>((resolve) => {
          const socket = connect(targetPort, '127.0.0.1', () => {
            dialled.push(() => resolve(socket))
          })
        }),
    },
  })
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const head = (line: string, extra = ''): string =>
  `${line.replace('/', `/shared/${token}/`)}\r\nHost: hub.test\r\n${extra}\r\n`

describe('a visitor who leaves', () => {
  it('while the connection is made: it is closed, nothing is sent', async () => {
    const { socket } = await openRaw(hub.port, head('GET /x HTTP/1.1'))
    await eventually(() => expect(dialled).toHaveLength(1))
    socket.destroy()
    await eventually(() => expect(hub.shares.openCount).toBe(0))
    dialled[0]?.()
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    expect(upstream.received()).toBe('')
    await eventually(() => expect(hub.records).toMatchObject([{ statusCode: 499 }]))
  })

  it.each([
    ['an upload', head('POST /x HTTP/1.1', 'Content-Length: 100\r\n'), 'POST /x', ''],
    ['a download', head('GET /slow HTTP/1.1'), 'GET /slow', 'hello'],
  ])('in the middle of %s: the upstream side is closed', async (...[, bytes, sent, got]) => {
    const { socket, received } = await openRaw(hub.port, `${bytes}${sent.startsWith('POST') ? 'part' : ''}`)
    await eventually(() => expect(dialled).toHaveLength(1))
    dialled[0]?.()
    await eventually(() => expect(upstream.received()).toContain(sent))
    await eventually(() => expect(received()).toContain(got))
    socket.destroy()
    await eventually(() => expect(upstream.sockets.size).toBe(0), { timeout: 1_000 })
    expect(hub.shares.openCount).toBe(0)
    expect(upstream.connectionCount()).toBe(1)
  })
})

describe('a dial that fails', () => {
  it.each([
    ['tunnel.failed', 2, 200],
    ['agent.offline', 1, 503],
    ['upstream.timeout', 1, 504],
    ['share.not_shared', 1, 503],
  ] as const)('with %s is tried %i times → %i', async (code, tries, status) => {
    let count = 0
    const own = await startShareHub({
      upstreamPort: upstream.port,
      ports: {
        dial: ({ targetPort }) => {
          count += 1
          if (count === 1) return Promise.reject(new AppError(code))
          return Promise.resolve(connect(targetPort, '127.0.0.1'))
        },
      },
    })
    const answer = await sendOne(own.port, `GET /shared/${token}/x HTTP/1.1`)
    expect(statusOf(answer)).toBe(status)
    expect(count).toBe(tries)
    await own.close()
  })
})

describe('an upstream that is silent', () => {
  it('for too long before its head → 504, and its connection is closed', async () => {
    const mute = await startRawUpstream(() => undefined)
    const own = await startShareHub({ upstreamPort: mute.port, options: { headersTimeoutMs: 300 } })
    expect(statusOf(await sendOne(own.port, `GET /shared/${token}/x HTTP/1.1`))).toBe(504)
    await eventually(() => expect(mute.sockets.size).toBe(0))
    await own.close()
    await mute.close()
  })

  it('for too long in its body: the visitor is cut, never left with what looks complete', async () => {
    const mute = await startRawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n'),
    )
    const own = await startShareHub({ upstreamPort: mute.port, options: { silentTimeoutMs: 300 } })
    const answer = await sendOne(own.port, `GET /shared/${token}/x HTTP/1.1`)
    expect(statusOf(answer)).toBe(200)
    expect(answer).not.toContain('0\r\n\r\n')
    await own.close()
    await mute.close()
  })
})

describe('pooled connections', () => {
  const line = `GET /shared/${token}/x HTTP/1.1\r\nHost: hub.test\r\n\r\n`

  it('are used again, one request at a time', async () => {
    const own = await startShareHub({ upstreamPort: upstream.port })
    const visitor = await openKeptVisitor(own.port)
    for (let at = 0; at < 3; at += 1) await visitor.ask(line)
    expect(upstream.connectionCount()).toBe(1)
    const many = await Promise.all(
      Array.from({ length: 20 }, () => sendOne(own.port, `GET /shared/${token}/x HTTP/1.1`)),
    )
    expect(many.every((answer) => statusOf(answer) === 200)).toBe(true)
    visitor.close()
    await own.close()
  })

  it('are left when the service moves', async () => {
    const other = await startRawUpstream(answering(okAnswer))
    const own = await startShareHub({ upstreamPort: upstream.port })
    const visitor = await openKeptVisitor(own.port)
    await visitor.ask(line)
    const grant = own.grant as NonNullable<typeof own.grant>
    own.grant = { ...grant, service: { ...grant.service, targetPort: other.port } }
    await visitor.ask(line)
    expect(other.connectionCount()).toBe(1)
    await eventually(() => expect(upstream.sockets.size).toBe(0))
    visitor.close()
    await own.close()
    await other.close()
  })
})
