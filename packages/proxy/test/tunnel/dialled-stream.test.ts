import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Pool } from 'undici'
import {
  cleanUp,
  onCleanUp,
  startEcho,
  startHub,
  startRigAgent,
  startService,
  untilConnected,
  type Hub,
} from './kit/tunnel-rig.ts'

// Guarantee: a stream that was dialled through a tunnel serves as a direct connection does: HTTP clients stand on it, a
// refused dial is theirs to see, a writer waits for an upstream that does not read, and it can be cut while it is dialled.

afterEach(cleanUp)

async function connect(targets: Record<string, number>) {
  const hub = await startHub()
  const agent = startRigAgent(hub.url, targets)
  await untilConnected(agent)
  return {
    hub,
    agent,
    dial: async (kind: 'http' | 'upgrade' = 'http') => hub.dial('service', kind),
  }
}

function createPool(hub: Hub): Pool {
  return new Pool('http://service.local', {
    connect: (_options, callback) => {
      const dial = async (): Promise<void> => callback(null, (await hub.dial('service', 'http')) as Socket)
      void dial()
    },
  })
}

describe('a dialled stream', () => {
  it('carries undici’s requests, and gives a refused dial’s error to the caller', async () => {
    const server = createServer((request, response) => {
      response.setHeader('x-path', request.url ?? '')
      request.pipe(response)
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    onCleanUp(() => server.close())
    const { hub, agent } = await connect({ service: (server.address() as AddressInfo).port })
    const pool = createPool(hub)
    onCleanUp(() => pool.destroy())
    const exchanges = Array.from({ length: 50 }, async (_, index) => {
      const body = `body ${index} `.repeat(1000)
      const answer = await pool.request({ method: 'POST', path: `/${index}`, body })
      expect(answer.headers['x-path']).toBe(`/${index}`)
      expect(await answer.body.text()).toBe(body)
    })
    await Promise.all(exchanges)
    agent.targets.clear()
    await pool.close()
    const fresh = createPool(hub)
    onCleanUp(() => fresh.destroy())
    await expect(fresh.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'share.not_shared',
    })
  })

  it('pauses a writer whose upstream does not read, and goes on when it does', async () => {
    const sockets: Socket[] = []
    const port = await startService((socket) => sockets.push(socket.pause()))
    const { dial } = await connect({ service: port })
    const stream = await dial('upgrade')
    const block = Buffer.alloc(64 * 1024)
    await expect.poll(() => stream.write(block) || stream.writableLength > 0, { interval: 1 }).toBe(true)
    for (let turn = 0; turn < 400; turn += 1) stream.write(block)
    // Until nothing moves any more: the windows and the buffers on the way are full.
    const seen = [Number.NaN]
    await expect
      .poll(() => seen.push(stream.writableLength) && new Set(seen.slice(-5)).size, { interval: 20 })
      .toBe(1)
    expect(stream.writableLength).toBeGreaterThan(5_000_000)
    sockets[0]?.resume()
    await expect.poll(() => stream.writableLength, { timeout: 10_000 }).toBe(0)
  })

  it('can be cut by the dial’s signal until the agent has answered', async () => {
    const { hub } = await connect({ service: await startEcho() })
    const { dialTunnel } = await import('../../src/tunnel/index.ts')
    const abort = new AbortController()
    const service = { id: 'service', agentId: 'agent_1' }
    const options = { shareId: 'share_1', kind: 'http', signal: abort.signal } as const
    const early = await dialTunnel(hub.registry)(service, options)
    abort.abort()
    expect(early.destroyed).toBe(true)
    await expect(dialTunnel(hub.registry)(service, options)).rejects.toMatchObject({ code: 'tunnel.failed' })
    await expect(
      dialTunnel(hub.registry)(
        { id: 'x', agentId: null },
        { ...options, signal: new AbortController().signal },
      ),
    ).rejects.toMatchObject({ code: 'agent.offline' })
  })
})
