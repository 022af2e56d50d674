// Guarantee (SPEC §5): once a service was cut, nothing of any of its shares is open, and a look-up of before that is
// still on its way lets nobody through; shares of other services go on.
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ShareGrant } from '../../src/serve/index.ts'
import { eventually } from './kit/eventually.ts'
import { openRaw, sendOne, statusOf } from './kit/raw-client.ts'
import { okAnswer, startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

let upstream: RawUpstream
let hub: ShareHub

beforeEach(async () => {
  upstream = await startRawUpstream((socket, text) => {
    if (text.includes('/quick')) socket.write(okAnswer)
    else if (socket.bytesWritten === 0) {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
    }
  })
  hub = await startShareHub({ upstreamPort: upstream.port })
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

const openStream = async () => {
  const stream = await openRaw(hub.port, `GET /shared/${token}/sse HTTP/1.1\r\nHost: hub.test\r\n\r\n`)
  await eventually(() => expect(stream.received()).toContain('data: 1'))
  return stream
}

it('ends the streams and idle connections of every share of the service', async () => {
  const { socket } = await openStream()
  hub.grant = grantFor(upstream.port, { id: 'share_2' })
  const second = await openStream()
  hub.shares.cutService('svc_1')
  await eventually(() => {
    expect([socket.destroyed, second.socket.destroyed]).toEqual([true, true])
    expect([upstream.sockets.size, hub.shares.openCount]).toEqual([0, 0])
  })
})

it('leaves other services alone', async () => {
  const { socket } = await openStream()
  hub.shares.cutService('svc_2')
  await wait(50)
  expect(socket.destroyed).toBe(false)
  socket.destroy()
})

it('holds against a look-up that was on its way when the service was cut', async () => {
  let answerFirst: (grant: ShareGrant) => void = () => undefined
  let lookups = 0
  const slow = await startShareHub({
    upstreamPort: upstream.port,
    ports: {
      findShare: () => {
        lookups += 1
        if (lookups > 1) return grantFor(upstream.port, { isRevoked: true })
        return new Promise((resolve) => (answerFirst = resolve))
      },
    },
  })
  const answer = sendOne(slow.port, `GET /shared/${token}/quick HTTP/1.1`)
  await eventually(() => expect(lookups).toBe(1))
  slow.shares.cutService('svc_1')
  answerFirst(grantFor(upstream.port))
  expect(statusOf(await answer)).toBe(403)
  expect(upstream.received()).toBe('')
  await slow.close()
})
