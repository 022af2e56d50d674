import { AppError } from '@private-connect/errors'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock, type Clock } from '../../src/tunnel/index.ts'
import {
  cleanUp,
  closeOf,
  startEcho,
  startHub,
  startRigAgent,
  transports,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * TUN-07, TUN-18: revoking an agent cuts its tunnel and streams at once. It then tries with delays that grow to
 * 5 minutes, tells its user why, and never hammers the hub.
 */
afterEach(cleanUp)

/** Time passes 1,000 times faster for timers; the delays that were asked for are kept. */
function createFastClock(): { clock: Clock; delaysMs: number[] } {
  const delaysMs: number[] = []
  const setTimer: Clock['setTimer'] = (callback, delayMs) => {
    delaysMs.push(delayMs)
    return systemClock.setTimer(callback, delayMs / 1000)
  }
  return { clock: { ...systemClock, setTimer }, delaysMs }
}

describe('a revoked agent', () => {
  it.each(transports)('loses its tunnel and its streams within a second, over %s', async (transport) => {
    const hub = await startHub()
    const agent = startRigAgent(hub.url, { echo: await startEcho() }, { transport })
    await untilConnected(agent)
    const stream = await hub.dial('echo')
    const closing = closeOf(stream)
    const startedAtMs = performance.now()
    hub.refusal = new AppError('auth.invalid')
    hub.registry.revoke('agent_1')
    expect(hub.registry.isOnline('agent_1')).toBe(false)
    expect(await closing).toMatchObject({ code: 'tunnel.failed' })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'unauthorized' })
    expect(performance.now() - startedAtMs).toBeLessThan(1000)
    await expect(hub.dial('echo')).rejects.toMatchObject({ code: 'agent.offline' })
  })

  it('tries again ever more seldom, up to 5 minutes', async () => {
    const hub = await startHub()
    hub.refusal = new AppError('auth.invalid')
    const { clock } = createFastClock()
    // The handshake's own deadline must not shrink with the clock.
    const agent = startRigAgent(hub.url, {}, { clock, random: () => 0.999, handshakeTimeoutMs: 10_000_000 })
    await expect.poll(() => hub.upgradesAtMs.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(9)
    const waits = agent.statuses.filter((status) => status.state === 'waiting')
    expect(waits.every(({ reason }) => reason === 'unauthorized')).toBe(true)
    expect(waits[0]?.message).toContain('token')
    agent.close()
  })

  it('asks for delays of 5 s, doubling to 5 minutes', async () => {
    const hub = await startHub()
    hub.refusal = new AppError('auth.invalid')
    const { clock, delaysMs } = createFastClock()
    const agent = startRigAgent(
      hub.url,
      {},
      { clock, random: () => 0.999_999, handshakeTimeoutMs: 10_000_000 },
    )
    await expect.poll(() => hub.upgradesAtMs.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(8)
    agent.close()
    const waitsMs = delaysMs
      .filter((delayMs) => delayMs < 10_000_000)
      .map((delayMs) => Math.round(delayMs / 1000))
    expect(waitsMs.slice(0, 8)).toEqual(
      [5, 10, 20, 40, 80, 160, 300, 300].slice(0, waitsMs.slice(0, 8).length),
    )
    expect(waitsMs.length).toBeGreaterThanOrEqual(7)
  })

  it('does not begin anew after a connection that was refused right after it came up', async () => {
    const hub = await startHub()
    const { clock, delaysMs } = createFastClock()
    hub.registry.onChange((agentId, isOnline) => {
      if (isOnline) queueMicrotask(() => hub.registry.revoke(agentId))
    })
    const agent = startRigAgent(
      hub.url,
      {},
      { clock, random: () => 0.999_999, handshakeTimeoutMs: 10_000_000 },
    )
    await expect.poll(() => hub.upgradesAtMs.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4)
    agent.close()
    const retriesMs = delaysMs.map(Math.round).filter((delayMs) => [5000, 10_000, 20_000].includes(delayMs))
    expect(retriesMs.slice(0, 3)).toEqual([5000, 10_000, 20_000])
  })
})
