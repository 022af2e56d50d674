import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { createTunnelRegistry, systemClock } from '../../src/tunnel/index.ts'
import {
  cleanUp,
  readAll,
  startEcho,
  startHub,
  startRigAgent,
  transports,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * TUN-06: two programs with one agent's token. The newest gets all new streams, streams of the one before finish,
 * and the loser waits instead of fighting: at most one takeover in 10 s. The same program reconnecting is no takeover.
 */
afterEach(cleanUp)

describe.each(transports)('a second program with the same token, over %s', (transport) => {
  it('takes the new streams, lets the old ones finish, and the first one waits', async () => {
    const hub = await startHub()
    const echo = await startEcho()
    const first = startRigAgent(hub.url, { first: echo }, { transport })
    await untilConnected(first)
    const old = await hub.dial('first')
    old.write('before')
    await once(old, 'data')
    const second = startRigAgent(hub.url, { second: echo }, { transport })
    await untilConnected(second)
    await expect.poll(() => first.status).toMatchObject({ state: 'waiting', reason: 'connected_elsewhere' })
    const fresh = await hub.dial('second')
    fresh.end('to the second')
    expect((await readAll(fresh)).toString()).toBe('to the second')
    old.end(' and after')
    expect((await readAll(old)).toString()).toBe(' and after')
    expect(hub.upgradesAtMs).toHaveLength(2)
  })

  it('rejects a third within 10 s, says so, and lets it in afterwards', async () => {
    let skewMs = 0
    const clock = { ...systemClock, monotonicMs: () => performance.now() + skewMs }
    const hub = await startHub({ registry: createTunnelRegistry({ clock }) })
    const online: boolean[] = []
    hub.registry.onChange((_agentId, isOnline) => online.push(isOnline))
    const first = startRigAgent(hub.url, {}, { transport })
    await untilConnected(first)
    const second = startRigAgent(hub.url, {}, { transport })
    await untilConnected(second)
    const third = startRigAgent(hub.url, {}, { transport })
    await expect.poll(() => third.status).toMatchObject({ state: 'waiting', reason: 'connected_elsewhere' })
    expect(second.status.state).toBe('connected')
    skewMs = 10_001
    third.reconnectNow()
    await untilConnected(third)
    await expect.poll(() => second.status).toMatchObject({ state: 'waiting', reason: 'connected_elsewhere' })
    expect(online).toEqual([true])
  })

  it('lets the same program replace its own lost tunnel at once, any number of times', async () => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport, random: () => 0 })
    for (let turn = 0; turn < 5; turn += 1) {
      await untilConnected(agent)
      hub.registry.get('agent_1')?.destroy('the test cuts it')
      await expect.poll(() => hub.upgradesAtMs.length).toBe(turn + 2)
    }
    await untilConnected(agent)
    expect(
      agent.statuses.some((status) => status.state === 'waiting' && status.reason === 'connected_elsewhere'),
    ).toBe(false)
  })
})
