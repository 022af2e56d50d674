import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import {
  cleanUp,
  closeOf,
  readAll,
  startEcho,
  startHub,
  startRigAgent,
  startService,
  transports,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * A stream behaves as a TCP connection to the service would: bytes arrive whole and in order, each side ends on its
 * own, a cut is never mistaken for an end, and either end's closing closes the other. SPEC §10, TUN-13, TUN-21, TUN-23.
 */
afterEach(cleanUp)

describe.each(transports)('streams over %s', (transport) => {
  async function connect(targets: Record<string, number>) {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, targets, { transport })
    await untilConnected(agent)
    expect(hub.registry.get('agent_1')?.transport).toBe(transport)
    return { hub, agent }
  }

  /** An upload that has reached the service, and what the service sees from then on. */
  async function uploadHalf() {
    const seen: string[] = []
    const port = await startService((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => seen.push(error.code ?? ''))
      socket.on('end', () => seen.push('end'))
      socket.resume()
    })
    const { hub } = await connect({ service: port })
    const stream = await hub.dial('service')
    stream.write('half an upload')
    await once(stream, 'opened')
    return { hub, stream, seen }
  }

  it('echoes what was written before the agent answered, and half-closes', async () => {
    const { hub } = await connect({ echo: await startEcho() })
    const stream = await hub.dial('echo')
    stream.write('hello ')
    stream.end('tunnel')
    expect((await readAll(stream)).toString()).toBe('hello tunnel')
  })

  it('ends the upstream’s writing side without ending the visitor’s', async () => {
    const port = await startService((socket) => {
      socket.end('bye')
      socket.once('data', (late) => socket.emit('late', late.toString()))
      socket.once('late', (text) => received.push(text))
    })
    const received: string[] = []
    const { hub } = await connect({ service: port })
    const stream = await hub.dial('service', 'upgrade')
    expect((await readAll(stream)).toString()).toBe('bye')
    expect(stream.writable).toBe(true)
    stream.end('still here')
    await expect.poll(() => received).toEqual(['still here'])
  })

  it('without half-open, ends its side when the upstream ended, as net does', async () => {
    const seen: string[] = []
    const port = await startService((socket) => {
      socket.end('bye')
      socket.on('end', () => seen.push('end'))
      socket.resume()
    })
    const { hub } = await connect({ service: port })
    expect(await closeOf(await hub.dial('service', 'http'))).toBeNull()
    await expect.poll(() => seen).toEqual(['end'])
  })

  it('resets, and never ends, when the upstream connection is cut short', async () => {
    const port = await startService((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () =>
        setImmediate(() => socket.resetAndDestroy()),
      )
    })
    const { hub } = await connect({ service: port })
    const stream = await hub.dial('service')
    let isEnded = false
    stream.on('end', () => (isEnded = true))
    expect(await closeOf(stream)).toMatchObject({ code: 'upstream.failed' })
    expect(isEnded).toBe(false)
  })

  it('cuts the upstream connection when the visitor’s side is destroyed', async () => {
    const { stream, seen } = await uploadHalf()
    stream.destroy()
    await expect.poll(() => seen).toEqual(['end'])
  })

  it('resets the upstream connection when the tunnel is lost in the middle of an upload', async () => {
    const { hub, seen } = await uploadHalf()
    hub.registry.get('agent_1')?.destroy('cut by the test')
    await expect.poll(() => seen).toEqual(['ECONNRESET'])
  })

  it('tells the hub which services and which version it has', async () => {
    const { hub, agent } = await connect({ one: 1 })
    await expect
      .poll(() => hub.registry.get('agent_1')?.hello)
      .toMatchObject({ version: '1.2.3', services: ['one'] })
    agent.targets.set('two', { host: '127.0.0.1', port: 2 })
    agent.targetsChanged()
    await expect.poll(() => hub.registry.get('agent_1')?.hello?.services).toEqual(['one', 'two'])
    expect(agent.status).toMatchObject({ hubVersion: '9.9.9' })
  })

  it('tells a hundred changes of its services together and keeps its tunnel', async () => {
    const { hub, agent } = await connect({})
    for (let index = 0; index < 100; index += 1) {
      agent.targets.set(`service ${index}`, { host: '127.0.0.1', port: 1 })
      agent.targetsChanged()
    }
    await expect.poll(() => hub.registry.get('agent_1')?.hello?.services).toHaveLength(100)
    expect(agent.statuses.map(({ state }) => state)).toEqual(['connecting', 'connected'])
  })

  it('tells refused, not shared and hanging services apart', async () => {
    const { hub, agent } = await connect({ closed: 1 })
    expect(await closeOf(await hub.dial('closed'))).toMatchObject({ code: 'upstream.refused' })
    expect(await closeOf(await hub.dial('other'))).toMatchObject({ code: 'share.not_shared' })
    agent.targets.set('other', { host: '127.0.0.1', port: await startEcho() })
    const stream = await hub.dial('other')
    stream.end('now shared')
    expect((await readAll(stream)).toString()).toBe('now shared')
  })

  it('carries 64 MiB both ways unchanged, holding a small part of it', { timeout: 120_000 }, async () => {
    const { hub } = await connect({ echo: await startEcho() })
    const stream = await hub.dial('echo')
    const block = randomBytes(1024 * 1024 + 7)
    const sent = createHash('sha256')
    const received = createHash('sha256')
    const writing = (async () => {
      for (let turn = 0; turn < 64; turn += 1) {
        const piece = block.subarray(turn)
        sent.update(piece)
        if (!stream.write(piece)) await once(stream, 'drain')
      }
      stream.end()
    })()
    let mostHeldBytes = 0
    for await (const chunk of stream) {
      received.update(chunk as Buffer)
      mostHeldBytes = Math.max(mostHeldBytes, stream.readableLength + stream.writableLength)
    }
    await writing
    // One write of the test's own, and never more than a window of what came back.
    expect(mostHeldBytes).toBeLessThan(block.length + 2 * 1024 * 1024)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
  })
})
