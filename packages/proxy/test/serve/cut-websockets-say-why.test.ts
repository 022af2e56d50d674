// Guarantee: a WebSocket that is cut ends with close code 1008 and a reason where a frame fits between what the app sent,
// and without a torn frame elsewhere; both sides end within the promise either way (SPEC §6, REV-03, REV-05).
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { eventually } from './kit/eventually.ts'
import { openRaw } from './kit/raw-client.ts'
import { startRawUpstream, type RawUpstream } from './kit/raw-upstream.ts'
import { grantFor, startShareHub, token, type ShareHub } from './kit/share-hub.ts'

const accept = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const upgrade = `GET /shared/${token}/ws HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
const farewell = '\x88\x10\x03\xf0share_inactive'

let answer: (socket: Socket) => void
let upstream: RawUpstream
let hub: ShareHub
beforeEach(async () => {
  upstream = await startRawUpstream((socket) => {
    if (socket.bytesWritten === 0) answer(socket)
  })
  hub = await startShareHub({ upstreamPort: upstream.port })
})
afterEach(async () => {
  await hub.close()
  await upstream.close()
})

async function openAnswered(frames: string): Promise<Awaited<ReturnType<typeof openRaw>>> {
  answer = (socket) => void socket.write(`${accept}${frames}`, 'latin1')
  const opened = await openRaw(hub.port, upgrade)
  await eventually(() => expect(opened.received()).toMatch(/\r\n\r\n/))
  await eventually(() => expect(opened.received().endsWith(frames)).toBe(true))
  return opened
}

describe('a WebSocket that is cut', () => {
  it.each([
    ['that is silent', ''],
    ['between two frames', '\x81\x02hi'],
    ['in the middle of a message, between its fragments', '\x01\x02hi'],
  ])('%s says why', async (_name, frames) => {
    const { socket, received } = await openAnswered(frames)
    hub.shares.cutShare('share_1')
    await eventually(() => expect(received().endsWith(`${frames}${farewell}`)).toBe(true))
    await eventually(() => expect(socket.destroyed || socket.readableEnded).toBe(true))
    await eventually(() => expect([upstream.sockets.size, hub.sockets().length]).toEqual([0, 0]))
  })

  it.each([
    ['within a frame', '\x81\x7e\x01\x00hi'],
    ['within the head of a frame', '\x81'],
    ['behind the goodbye of the app', '\x88\x02\x03\xe8'],
  ])('%s just ends', async (_name, frames) => {
    const { socket, received } = await openAnswered(frames)
    hub.shares.cutShare('share_1')
    await eventually(() => expect(socket.destroyed || socket.readableEnded).toBe(true))
    expect(received()).not.toContain('share_inactive')
    await eventually(() => expect([upstream.sockets.size, hub.sockets().length]).toEqual([0, 0]))
  })

  it('whose visitor reads nothing ends as soon', async () => {
    answer = (socket) => {
      socket.write(accept)
      socket.write(Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 1, 0, 0, 0]), Buffer.alloc(2 ** 24)]))
    }
    const { socket } = await openRaw(hub.port, upgrade)
    socket.pause()
    await eventually(() => expect(hub.sockets()[0]?.writableNeedDrain).toBe(true))
    hub.shares.cutShare('share_1')
    await eventually(() => expect(hub.sockets()).toHaveLength(0), { timeout: 1_000 })
    await eventually(() => expect(upstream.sockets.size).toBe(0), { timeout: 1_000 })
    socket.destroy()
  })

  it('is closed with 1008 for a real client, and the app’s end too', async () => {
    const app = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    const port = await new Promise<number>((resolve) =>
      app.once('listening', () => resolve((app.address() as { port: number }).port)),
    )
    hub.grant = grantFor(port)
    const appEnded = new Promise<number>((resolve) =>
      app.once('connection', (socket) => socket.once('close', resolve)),
    )
    const client = new WebSocket(`ws://127.0.0.1:${hub.port}/shared/${token}/ws`)
    await new Promise((resolve) => client.once('open', resolve))
    const closed = new Promise<[number, string]>((resolve) =>
      client.once('close', (code, reason) => resolve([code, String(reason)])),
    )
    hub.grant = grantFor(port, { isRevoked: true })
    hub.shares.cutShare('share_1')
    expect(await closed).toEqual([1008, 'share_inactive'])
    expect(await appEnded).toBe(1006)
    await new Promise((resolve) => app.close(resolve))
  })
})
