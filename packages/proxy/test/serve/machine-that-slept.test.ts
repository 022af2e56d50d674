// Guarantee (SPEC §13.2): a machine whose timers stood still while it slept ends what has expired meanwhile as soon as it
// looks around, and leaves what has not.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from './kit/eventually.ts'
import { openRaw } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token } from './kit/share-hub.ts'

const hourMs = 3_600_000
const head = `GET /shared/${token}/events HTTP/1.1\r\nHost: hub.test\r\n\r\n`

let upstream: RawUpstream
beforeAll(async () => {
  upstream = await startRawUpstream((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
  })
})
afterAll(() => upstream.close())

it.each([
  ['ends what has expired', hourMs + 1, 0],
  ['leaves what has not', hourMs - 1_000, 1],
])('after a sleep it %s', async (_name, sleptMs, left) => {
  // The sweep that looks around comes every quarter of this time.
  const hub = await startShareHub({ upstreamPort: upstream.port, options: { stalledTimeoutMs: 400 } })
  hub.grant = grantFor(upstream.port, { expiresAtMs: hub.nowMs + hourMs })
  const { socket, received } = await openRaw(hub.port, head)
  await eventually(() => expect(received()).toContain('data: 1'))
  const openedAtMs = performance.now()
  hub.nowMs += sleptMs
  await eventually(() =>
    expect(hub.shares.openCount === left || performance.now() > openedAtMs + 5_000).toBe(true),
  )
  await eventually(() => expect(performance.now() - openedAtMs).toBeGreaterThan(500))
  expect(hub.shares.openCount).toBe(left)
  socket.destroy()
  await hub.close()
})
