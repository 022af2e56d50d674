import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import {
  cleanUp,
  readAll,
  startEcho,
  startHub,
  startRigAgent,
  transports,
  untilConnected,
  type Hub,
} from './kit/tunnel-rig.ts'
import { createTunnelRegistry } from '../../src/tunnel/index.ts'

/*
 * TUN-19: a hub that drains says goaway. The agent opens its new tunnel first, old streams finish on the old one, and
 * at no moment is there none: not one new request fails.
 */
afterEach(cleanUp)

async function exchange(hub: Hub, text: string): Promise<string> {
  const stream = await hub.dial('echo', 'http')
  stream.end(text)
  return (await readAll(stream)).toString()
}

describe.each(transports)('draining over %s', (transport) => {
  it('moves to another tunnel without failing a request, and the old streams finish', async () => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport })
    await untilConnected(agent)
    const before = hub.registry.get('agent_1')
    const old = await hub.dial('echo')
    old.write('old ')
    await once(old, 'data')
    hub.registry.drain()
    let exchanges = 0
    await expect
      .poll(async () => {
        exchanges += 1
        expect(await exchange(hub, `request ${exchanges}`)).toBe(`request ${exchanges}`)
        return hub.registry.get('agent_1') !== before
      })
      .toBe(true)
    expect(await exchange(hub, 'on the new one')).toBe('on the new one')
    old.end('finishes')
    expect((await readAll(old)).toString()).toBe('finishes')
    expect(await before?.closed).toBeDefined()
    expect(agent.statuses.some(({ state }) => state === 'waiting')).toBe(false)
    expect(hub.registry.isOnline('agent_1')).toBe(true)
  })

  it('keeps serving on the old tunnel while no other hub can be reached', async () => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport, random: () => 0.1 })
    await untilConnected(agent)
    hub.server.close()
    hub.registry.drain()
    await expect
      .poll(() => agent.statuses.filter(({ state }) => state === 'waiting').length)
      .toBeGreaterThan(1)
    expect(await exchange(hub, 'still served')).toBe('still served')
  })

  it('arrives at the next hub when the first one is gone', async () => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport, random: () => 0.1 })
    await untilConnected(agent)
    hub.registry.drain()
    await hub.close()
    const next = await startHub({ port: hub.port, registry: createTunnelRegistry() })
    await expect.poll(() => next.registry.isOnline('agent_1'), { timeout: 20_000 }).toBe(true)
    expect(await exchange(next, 'hello')).toBe('hello')
  })
})
