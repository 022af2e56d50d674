import { afterEach, describe, expect, it } from 'vitest'
import { cleanUp, startHub, startRigAgent } from './kit/tunnel-rig.ts'

/*
 * TUN-17: when a hub with 1,000 agents restarts, they come back apart, because the hub told each how wide to spread: at
 * most 100 connections in any second, half of them within 10 s, all within 60 s.
 */
afterEach(cleanUp)

function peakPerSecond(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b)
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 1000).length))
}

const agentCount = 1_000

describe('a hub that restarts', () => {
  it('gets its 1,000 agents back, never more than 100 in a second', { timeout: 240_000 }, async () => {
    const hub = await startHub()
    const agents = Array.from({ length: agentCount }, (_, index) =>
      startRigAgent(hub.url, {}, { token: `agent_${index}` }),
    )
    await expect.poll(() => hub.registry.onlineCount, { timeout: 60_000 }).toBe(agentCount)
    await hub.crash()
    const next = await startHub({ port: hub.port })
    const startedAtMs = performance.now()
    const options = { timeout: 90_000, interval: 50 }
    await expect.poll(() => next.registry.onlineCount, options).toBeGreaterThanOrEqual(agentCount / 2)
    const halfMs = performance.now() - startedAtMs
    await expect.poll(() => next.registry.onlineCount, options).toBe(agentCount)
    expect(performance.now() - startedAtMs).toBeLessThan(60_000)
    // The clock of this test begins after the loss; a second for the machine.
    expect(halfMs).toBeLessThan(11_000)
    expect(peakPerSecond(next.upgradesAtMs)).toBeLessThanOrEqual(100)
    expect(next.upgradesAtMs).toHaveLength(agentCount)
    expect(agents.every(({ status }) => status.state === 'connected')).toBe(true)
  })
})
