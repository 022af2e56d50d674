import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { frameType } from '../../src/tunnel/mux/frame.ts'
import { connectRawAgent } from './kit/raw-peer.ts'
import {
  cleanUp,
  readAll,
  startEcho,
  startHub,
  startRigAgent,
  startService,
  transports,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * TUN-11, promise 8: a visitor that does not read holds at most its own window in the hub, and stops nobody else.
 * While many streams have much to send they take turns.
 */
afterEach(cleanUp)

const mebibyte = 1024 * 1024

async function readBytes(stream: Duplex, bytes: number): Promise<number> {
  const startedAtMs = performance.now()
  let seen = 0
  for await (const chunk of stream) {
    seen += (chunk as Buffer).length
    if (seen >= bytes) break
  }
  return performance.now() - startedAtMs
}

describe.each(transports)('beside readers that stall, over %s', (transport) => {
  async function connect() {
    const block = randomBytes(mebibyte)
    const flood = await startService((socket) => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write(block));
      }
      socket.on('drain', pump)
      pump()
    })
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { flood, echo: await startEcho() }, { transport })
    await untilConnected(agent)
    return hub
  }

  it('holds less than 256 KiB for each of 100 stalled streams, and the others run on', async () => {
    const hub = await connect()
    const heldBefore = process.memoryUsage().arrayBuffers
    const stalled = await Promise.all(Array.from({ length: 100 }, () => hub.dial('flood')))
    await Promise.all(stalled.map((stream) => once(stream, 'readable')))
    await wait(300)
    const heldByReaders = stalled.reduce((sum, stream) => sum + stream.readableLength, 0)
    expect(heldByReaders).toBeLessThan(100 * 256 * 1024)
    // Hub, agent and service share this process: the windows, the agent's queues and its sockets' buffers.
    expect(process.memoryUsage().arrayBuffers - heldBefore).toBeLessThan(100 * mebibyte)
    const elapsedMs = await readBytes(await hub.dial('flood'), 20 * mebibyte)
    expect(elapsedMs).toBeLessThan(20_000)
    const echo = await hub.dial('echo')
    echo.end('still alive')
    expect((await readAll(echo)).toString()).toBe('still alive')
    for (const stream of stalled) stream.destroy()
    await expect.poll(() => hub.registry.get('agent_1')?.streamCount).toBe(0)
  })

  it('gives no credit while the reader stalls, and more as soon as it reads', async () => {
    const hub = await startHub()
    const peer = await connectRawAgent(hub.port)
    const stream = await hub.dial('svc')
    const windows = () => peer.frames.filter(({ type }) => type === frameType.window).length
    await expect.poll(() => peer.frames.some(({ type }) => type === frameType.open)).toBe(true)
    for (let turn = 0; turn < 4; turn += 1) peer.send(frameType.data, 1, Buffer.alloc(64 * 1024))
    await once(stream, 'readable')
    await wait(200)
    expect(windows()).toBe(0)
    expect(stream.readableLength).toBeLessThanOrEqual(256 * 1024)
    stream.resume()
    await expect.poll(windows).toBeGreaterThan(0)
    peer.send(frameType.data, 1, Buffer.alloc(64 * 1024))
    peer.send(frameType.ping, 0, Buffer.alloc(8))
    await expect.poll(() => peer.frames.some(({ type }) => type === frameType.pong)).toBe(true)
    expect(peer.isClosed).toBe(false)
  })

  it('continues a stalled stream where it stopped', async () => {
    const hub = await connect()
    const stream = await hub.dial('flood')
    await once(stream, 'readable')
    await wait(100)
    expect(await readBytes(stream, 10 * mebibyte)).toBeLessThan(20_000)
  })

  it('gives each of ten busy streams its share', async () => {
    const hub = await connect()
    const streams = await Promise.all(Array.from({ length: 10 }, () => hub.dial('flood')))
    const seen = streams.map(() => 0)
    for (const [index, stream] of streams.entries())
      stream.on('data', (chunk: Buffer) => {
        seen[index] = (seen[index] ?? 0) + chunk.length
      })
    await expect.poll(() => Math.max(...seen), { timeout: 20_000 }).toBeGreaterThan(20 * mebibyte)
    expect(Math.min(...seen)).toBeGreaterThan(Math.max(...seen) / 4)
  })

  it('answers small exchanges quickly beside a download', async () => {
    const hub = await connect()
    const bulk = await hub.dial('flood')
    bulk.resume()
    const echo = await hub.dial('echo')
    const elapsedMs: number[] = []
    for (let turn = 0; turn < 200; turn += 1) {
      const startedAtMs = performance.now()
      echo.write('ping')
      await once(echo, 'data')
      elapsedMs.push(performance.now() - startedAtMs)
    }
    elapsedMs.sort((a, b) => a - b)
    expect(elapsedMs[198]).toBeLessThan(500)
  })
})
