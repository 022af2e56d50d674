// Guarantee: over the direct dial and over an agent's tunnel alike, a WebSocket loses and reorders no byte in either
// direction, keeps its subprotocol and what was sent ahead, and a reset of either side, in every phase, ends the other
// and nothing else (WS-01, WS-04, WS-09).
import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { dialTunnel } from '../../src/tunnel/index.ts'
import { cleanUp, onCleanUp, startHub, startRigAgent, untilConnected } from '../tunnel/kit/tunnel-rig.ts'
import { eventually } from './kit/eventually.ts'
import { openRaw, statusOf } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const accept = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
const upgrade =
  `GET /shared/${token}/ws HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Protocol: chat, x\r\n\r\n'

/** A hub whose one share leads to a port of this machine by the given dial. */
async function startBy(dial: string, port: number): Promise<ShareHub> {
  if (dial === 'direct') {
    const hub = await startShareHub({ upstreamPort: port })
    onCleanUp(() => hub.close())
    return hub
  }
  const tunnel = await startHub()
  const agent = startRigAgent(tunnel.url, { svc_1: port })
  await untilConnected(agent)
  const hub = await startShareHub({ upstreamPort: port, ports: { dial: dialTunnel(tunnel.registry) } })
  onCleanUp(() => hub.close())
  const grant = grantFor(port)
  hub.grant = { ...grant, service: { ...grant.service, agentId: 'agent_1' } }
  return hub
}

describe.each(['direct', 'tunnel'])('by the %s dial', (dial) => {
  let answer: (socket: Socket, text: string) => void
  let upstream: RawUpstream
  let hub: ShareHub
  beforeEach(async () => {
    upstream = await startRawUpstream((socket, text) => answer(socket, text))
    onCleanUp(() => upstream.close())
    hub = await startBy(dial, upstream.port)
  })
  afterEach(cleanUp)

  async function expectNothingLeft(): Promise<void> {
    await eventually(() => {
      expect([upstream.sockets.size, hub.sockets().length, hub.shares.openCount]).toEqual([0, 0, 0])
    })
  }

  it('carries the subprotocol and what either side sent ahead', async () => {
    answer = (socket, text) => {
      if (socket.bytesWritten === 0) socket.write(`${accept}Sec-WebSocket-Protocol: chat\r\n\r\nahead`)
      if (text.endsWith('early')) socket.write('seen')
    }
    const { socket, received } = await openRaw(hub.port, `${upgrade}early`)
    await eventually(() =>
      expect(received()).toMatch(/Sec-WebSocket-Protocol: chat\r\n[^]*\r\n\r\naheadseen$/),
    )
    expect(upstream.received()).toMatch(/Sec-WebSocket-Protocol: chat, x\r\n[^]*\r\n\r\nearly$/)
    socket.destroy()
    await expectNothingLeft()
  })

  it.each<[string, (socket: Socket) => void]>([
    ['waits for the answer', () => undefined],
    ['has half of the head of the answer', (socket) => void socket.write(accept)],
    ['is relayed', (socket) => void socket.write(`${accept}\r\nframes`)],
    [
      'gets an ordinary answer',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart'),
    ],
  ])('ends on both sides when the visitor resets it while it %s', async (_phase, says) => {
    answer = says
    const { socket } = await openRaw(hub.port, upgrade)
    await eventually(() => expect(upstream.received()).toMatch(/\r\n\r\n$/))
    socket.resetAndDestroy()
    await expectNothingLeft()
  })

  it.each<[string, string, number[]]>([
    ['before its answer', '', [502]],
    ['within the head of its answer', accept, [502]],
    ['right behind its answer', `${accept}\r\n`, [0, 101, 502]],
    ['within an ordinary answer', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart', [0, 200, 502]],
  ])('ends on both sides when the upstream resets it %s', async (...[, bytes, statuses]) => {
    answer = (socket) => {
      if (bytes === '') socket.resetAndDestroy()
      else socket.write(bytes, () => socket.resetAndDestroy())
    }
    const { socket, received } = await openRaw(hub.port, upgrade)
    await eventually(() => expect(socket.destroyed || socket.readableEnded).toBe(true))
    expect(statuses).toContain(statusOf(received()))
    expect(received()).not.toMatch(/part.{5}/)
    await expectNothingLeft()
  })

  it('echoes every byte of both directions in order', { timeout: 60_000 }, async () => {
    const app = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 2 ** 20 })
    await new Promise((resolve) => app.once('listening', resolve))
    onCleanUp(() => {
      for (const client of app.clients) client.terminate()
      app.close()
    })
    app.on('connection', (socket) => {
      socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }))
    })
    const echoHub = await startBy(dial, (app.address() as { port: number }).port)
    const client = new WebSocket(`ws://127.0.0.1:${echoHub.port}/shared/${token}/`, {
      perMessageDeflate: false,
    })
    await new Promise((resolve) => client.once('open', resolve))
    const [sent, got] = [createHash('sha256'), createHash('sha256')]
    const messages = 1_000
    let count = 0
    const echoed = new Promise<void>((resolve) => {
      client.on('message', (data: Buffer) => {
        got.update(data)
        count += 1
        if (count === messages) resolve()
      })
    })
    const block = randomBytes(65_536)
    for (let turn = 0; turn < messages; turn += 1) {
      const message = turn % 4 === 0 ? block : block.subarray(0, (turn * 7_919) % 65_536)
      sent.update(message)
      client.send(message)
      await eventually(() => {
        if (client.bufferedAmount > 2 ** 20) throw new Error('The echo is behind')
      })
    }
    await echoed
    expect(got.digest('hex')).toBe(sent.digest('hex'))
    client.terminate()
    await eventually(() => expect(echoHub.shares.openCount).toBe(0))
  })
})
