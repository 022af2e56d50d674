import type { AgentNews } from '@private-connect/db'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentPresence } from './agent-presence.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function create(toldBefore: readonly string[] = []) {
  const online = new Set<string>()
  const told: string[] = []
  const appended: string[] = []
  let failures = 0
  let listener: (agentId: string, isOnline: boolean) => void = () => {}
  const presence = new AgentPresence({
    registry: {
      isOnline: (agentId) => online.has(agentId),
      onChange(callback) {
        listener = callback
        return () => (listener = () => {})
      },
    },
    async tell({ agentId, isOnline }: AgentNews) {
      if (failures > 0) {
        failures -= 1
        throw new Error('no database')
      }
      told.push(`${agentId} ${isOnline ? 'online' : 'offline'}`)
      return { workspaceId: 'ws_1' }
    },
    listToldOnline: async () => toldBefore,
    eventsAppended: (workspaceId) => void appended.push(workspaceId),
    log: { warn: vi.fn() },
    nowMs: () => Date.now(),
  })
  const turn = (agentId: string, isOnline: boolean) => {
    if (isOnline) online.add(agentId)
    else online.delete(agentId)
    listener(agentId, isOnline)
  }
  return { presence, turn, told, appended, fail: (times: number) => (failures = times) }
}

// Guarantee: a connection that breaks and comes back is no news; one that stays away is, also to the next hub.
describe('the presence of agents', () => {
  it('is told at once when one comes, and after ten seconds when it has gone', async () => {
    const { turn, told, appended } = create()
    turn('agent_1', true)
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toEqual(['agent_1 online'])
    turn('agent_1', false)
    await vi.advanceTimersByTimeAsync(9_990)
    expect(told).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(20)
    expect(told).toEqual(['agent_1 online', 'agent_1 offline'])
    expect(appended).toEqual(['ws_1', 'ws_1'])
  })

  it('says nothing of one that flaps', async () => {
    const { turn, told } = create()
    turn('agent_1', true)
    await vi.advanceTimersByTimeAsync(1)
    for (let n = 0; n < 20; n += 1) {
      turn('agent_1', false)
      await vi.advanceTimersByTimeAsync(5_000)
      turn('agent_1', true)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(new Set(told)).toEqual(new Set(['agent_1 online']))
  })

  it('after a start is told of those who did not come back', async () => {
    const { turn, told } = create(['agent_back', 'agent_gone'])
    turn('agent_back', true)
    await vi.advanceTimersByTimeAsync(44_000)
    expect(told).toEqual(['agent_back online'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(told).toEqual(['agent_back online', 'agent_gone offline'])
  })

  it('is told later when the store is away, and not after a stop', async () => {
    const { presence, turn, told, fail } = create()
    fail(2)
    turn('agent_1', true)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(told).toEqual(['agent_1 online'])
    turn('agent_1', false)
    await presence.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(told).toEqual(['agent_1 online'])
  })
})
