import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { frameType } from '../../src/tunnel/mux/frame.ts'
import { encodeOpen } from '../../src/tunnel/mux/open-request.ts'
import { connectRawAgent, encodeFrame, startRawHub, type RawPeer } from './kit/raw-peer.ts'
import {
  cleanUp,
  silentLog,
  startHub,
  startRigAgent,
  startService,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * TUN-10, TUN-12: a peer that breaks the rules loses its own tunnel and nothing else. Opens are capped at 1,000 at
 * once and 256 a second, also when each is reset at once; bytes beyond the credit, frames out of order and garbage
 * close the tunnel with a goaway that says why, in bounded memory. Hellos and goaways, which are parsed and acted on,
 * may not be repeated without limit, and a repeated goaway is not logged again.
 */
afterEach(cleanUp)

const open = (serviceId: string) => encodeOpen({ serviceId, shareId: '', kind: 'http' }, 1_000_000)
const repeat = (times: number, type: number, payload: string) =>
  Buffer.concat(Array.from({ length: times }, () => encodeFrame(type, 0, payload)))
const drainingGoaway = '{"reason":"draining"}'
const largeHello = JSON.stringify({ services: Array.from({ length: 900 }, () => 's'.repeat(64)) })

/** A log that keeps what it is given about goaways. */
function keepGoaways() {
  const lines: object[] = []
  const info = (fields: object, text: string) => void (text.includes('says goaway') && lines.push(fields))
  return { lines, log: { ...silentLog, info } }
}

const count = (peer: RawPeer, type: number) => peer.frames.filter((frame) => frame.type === type).length

describe('a hub and a hostile agent', () => {
  it.each([
    { name: 'an open and reset loop', isReset: true },
    { name: 'an open flood', isReset: false },
  ])('ends $name of 100,000 with a goaway', async ({ isReset }) => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    for (let block = 0; block < 100 && !peer.isClosed; block += 1) {
      const frames: Buffer[] = []
      for (let index = 0; index < 1000; index += 1) {
        const id = (block * 1000 + index + 1) * 2
        frames.push(encodeFrame(frameType.open, id, open('svc')))
        if (isReset) frames.push(encodeFrame(frameType.reset, id, 'cancelled'))
      }
      peer.socket.write(Buffer.concat(frames))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await expect.poll(() => peer.isClosed, { timeout: 10_000 }).toBe(true)
    expect(peer.goaways()).toEqual(['overloaded'])
    expect(hub.registry.isOnline('agent_1')).toBe(false)
  })

  it('closes on bytes beyond the credit, without holding them', { timeout: 60_000 }, async () => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    const stream = await hub.dial('svc')
    const failure = new Promise((resolve) => stream.once('error', resolve))
    await expect.poll(() => count(peer, frameType.open)).toBe(1)
    const before = process.memoryUsage()
    const block = encodeFrame(frameType.data, 1, randomBytes(60_000))
    let sentBytes = 0
    while (!peer.isClosed && sentBytes < 1024 ** 3) {
      sentBytes += block.length
      if (!peer.socket.write(block)) await new Promise((resolve) => setImmediate(resolve))
    }
    await expect.poll(() => peer.isClosed).toBe(true)
    expect(peer.goaways()).toEqual(['flow_control'])
    expect(await failure).toMatchObject({ code: 'tunnel.failed' })
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(20 * 1024 ** 2)
  })

  it.each([
    { name: 'garbage', bytes: Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n') },
    { name: 'a stream that was never opened', bytes: encodeFrame(frameType.data, 9, 'x') },
    { name: 'an open on the hub’s own number', bytes: encodeFrame(frameType.open, 1, open('svc')) },
    { name: 'an opened out of nowhere', bytes: encodeFrame(frameType.opened, 7, Buffer.alloc(4)) },
    { name: 'a hello that is no object', bytes: encodeFrame(frameType.hello, 0, '[1]') },
    { name: 'a broken goaway', bytes: encodeFrame(frameType.goaway, 0, '{}') },
    {
      name: 'credit beyond every bound',
      bytes: Buffer.concat(
        [1, 2].map(() => encodeFrame(frameType.window, 1, Buffer.from('7fffffff', 'hex'))),
      ),
    },
    { name: 'two ends of one stream', bytes: Buffer.concat([1, 2].map(() => encodeFrame(frameType.fin, 1))) },
  ])('closes on $name', async ({ bytes }) => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    if (bytes.readUInt32BE(4) === 1 && bytes[0] !== frameType.open) {
      const stream = await hub.dial('svc')
      stream.on('error', () => {})
    }
    peer.socket.write(bytes)
    await expect.poll(() => peer.isClosed).toBe(true)
    expect(peer.goaways()).toEqual(['protocol_error'])
  })

  it('logs a repeated goaway once, and closes when there are too many', async () => {
    const { lines, log } = keepGoaways()
    const hub = await startHub({ accept: { log } })
    const peer = await connectRawAgent(hub.port)
    peer.socket.write(repeat(8, frameType.goaway, drainingGoaway))
    peer.send(frameType.ping, 0, '12345678')
    await expect.poll(() => count(peer, frameType.pong)).toBe(1)
    expect(hub.registry.isOnline('agent_1')).toBe(true)
    peer.socket.write(repeat(10_000, frameType.goaway, drainingGoaway))
    await expect.poll(() => peer.isClosed).toBe(true)
    expect(peer.goaways()).toEqual(['protocol_error'])
    // The hub's log of an agent names it already.
    expect(lines).toEqual([{ reason: 'draining' }])
  })

  it('closes on a flood of large hellos, and takes a few', async () => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    peer.socket.write(repeat(10, frameType.hello, largeHello))
    peer.send(frameType.ping, 0, '12345678')
    await expect.poll(() => count(peer, frameType.pong)).toBe(1)
    expect(hub.registry.isOnline('agent_1')).toBe(true)
    peer.socket.write(repeat(200, frameType.hello, largeHello))
    await expect.poll(() => peer.isClosed, { timeout: 10_000 }).toBe(true)
    expect(hub.registry.isOnline('agent_1')).toBe(false)
  })

  it('closes when the first frame is not hello', async () => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port, { hello: false })
    peer.send(frameType.ping, 0, Buffer.alloc(8))
    await expect.poll(() => peer.isClosed).toBe(true)
    expect(peer.goaways()).toEqual(['protocol_error'])
  })

  it('survives unknown frames, late frames of closed streams, and refuses streams of the agent', async () => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    const stream = await hub.dial('svc')
    stream.destroy()
    await expect.poll(() => count(peer, frameType.reset)).toBe(1)
    peer.send(77, 12_345, 'from a later version')
    peer.send(frameType.data, 1, 'late')
    peer.send(frameType.fin, 1)
    peer.send(frameType.open, 2, open('svc'))
    peer.send(frameType.ping, 0, '12345678')
    await expect.poll(() => count(peer, frameType.pong)).toBe(1)
    expect(count(peer, frameType.refused)).toBe(1)
    expect(hub.registry.get('agent_1')?.streamCount).toBe(0)
  })

  it('closes a tunnel whose peer reads nothing while it asks for answers', { timeout: 60_000 }, async () => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    peer.socket.pause()
    const pings = Buffer.concat(
      Array.from({ length: 4000 }, () => encodeFrame(frameType.ping, 0, Buffer.alloc(8))),
    )
    await expect
      .poll(() => peer.socket.write(pings) && hub.registry.isOnline('agent_1'), {
        timeout: 50_000,
        interval: 1,
      })
      .toBe(false)
    await expect.poll(() => hub.registry.isOnline('agent_1'), { timeout: 50_000 }).toBe(false)
  })
})

describe('an agent and a hostile hub', () => {
  it.each([
    { name: 'goaways', bytes: repeat(1000, frameType.goaway, drainingGoaway), logged: 1 },
    { name: 'hellos', bytes: repeat(1000, frameType.hello, '{}'), logged: 0 },
  ])('closes on a flood of $name', async ({ bytes, logged }) => {
    const { lines, log } = keepGoaways()
    const hub = await startRawHub()
    await untilConnected(startRigAgent(hub.url, {}, { log }))
    const [peer] = hub.peers as [RawPeer]
    peer.socket.write(bytes)
    await expect.poll(() => peer.isClosed).toBe(true)
    expect(peer.goaways()).toContain('protocol_error')
    expect(lines).toHaveLength(logged)
  })

  it('ends an open flood, and never has more than its limit of local connections', async () => {
    let openSockets = 0
    let mostSockets = 0
    const port = await startService((socket) => {
      openSockets += 1
      mostSockets = Math.max(mostSockets, openSockets)
      socket.on('close', () => (openSockets -= 1))
      socket.resume()
    })
    const hub = await startRawHub()
    const agent = startRigAgent(hub.url, { svc: port }, { limits: { streamsMax: 50, opensPerSecond: 20 } })
    await untilConnected(agent)
    const [peer] = hub.peers as [RawPeer]
    for (let id = 1; id < 10_000; id += 2) peer.send(frameType.open, id, open('svc'))
    await expect.poll(() => peer.isClosed).toBe(true)
    expect(peer.goaways()).toEqual(['overloaded'])
    expect(mostSockets).toBeLessThanOrEqual(60)
    await expect.poll(() => openSockets).toBe(0)
  })
})
