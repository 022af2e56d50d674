import { afterEach, describe, expect, it } from 'vitest'
import { cleanUp, startHub, startRigAgent } from './tunnel-rig.ts'

/*
 * TUN-17: when a hub with many agents restarts, they come back apart: the hub told each how wide to spread. Here 200
 * agents; the promise is at most 100 connections in any second.
 */
afterEach(cleanUp)

function peakPerSecond(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b)
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 1000).length))
}

describe('a hub that restarts', () => {
  it('gets its 200 agents back, never more than 100 in a second', { timeout: 120_000 }, async () => {
    const hub = await startHub()
    const agents = Array.from({ length: 200 }, (_, index) =>
      startRigAgent(hub.url, {}, { token: `agent_${index}` }),
    )
    await expect.poll(() => hub.registry.onlineCount, { timeout: 30_000 }).toBe(200)
    await hub.crash()
    const next = await startHub({ port: hub.port })
    const startedAtMs = performance.now()
    await expect.poll(() => next.registry.onlineCount, { timeout: 60_000, interval: 50 }).toBe(200)
    expect(performance.now() - startedAtMs).toBeLessThan(40_000)
    expect(peakPerSecond(next.upgradesAtMs)).toBeLessThanOrEqual(100)
    expect(next.upgradesAtMs).toHaveLength(200)
    expect(agents.every(({ status }) => status.state === 'connected')).toBe(true)
  })
})
