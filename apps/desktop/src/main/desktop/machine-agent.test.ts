import { HubRefusal } from '@private-connect/sharing'
import { afterEach, describe, expect, it } from 'vitest'
import type { HubApi, HubClient } from './hub-api.ts'
import { createMachineAgent, type MachineAgent } from './machine-agent.ts'
import type { Machine } from './stored-records.ts'

/** One agent of this machine for each hub and workspace: a stored one that is another's is replaced, with all that it served. */
const hubUrl = 'http://127.0.0.1:1'
const stored: Machine = {
  hubUrl,
  agentId: 'agent_old',
  token: 'agent_tok_old',
  targets: { svc_1: { host: '127.0.0.1', port: 3000 } },
}
let agent: MachineAgent

afterEach(() => agent.suspend())

function setUp(record: Machine | null, answer: () => unknown = () => ({})) {
  let kept = record
  let registrations = 0
  const get = { query: async () => answer() }
  const register = {
    mutate: async () => {
      registrations += 1
      return { agent: { id: `agent_new_${registrations}` }, token: 'agent_tok_new' }
    },
  }
  const client = { agents: { get, register } } as unknown as HubClient
  const api: HubApi = { hubUrl, client, call: async (work) => work(client) }
  agent = createMachineAgent({
    api,
    record: { read: () => kept, write: async (next) => void (kept = next) },
    ports: {
      resolveProxy: async () => undefined,
      hostName: 'test-host',
      appVersion: '0',
      log: { info: () => undefined, warn: () => undefined },
    },
    onStatus: () => undefined,
  })
  return { kept: () => kept, registrations: () => registrations }
}

describe('the agent of this machine', () => {
  it('is registered once, however many need it at once', async () => {
    const { kept, registrations } = setUp(null)
    await Promise.all([agent.ensure(), agent.ensure(), agent.ensure()])
    await agent.ensure()
    expect(registrations()).toBe(1)
    expect(kept()).toEqual({ hubUrl, agentId: 'agent_new_1', token: 'agent_tok_new', targets: {} })
  })

  it('is the stored one, with what it serves', async () => {
    const { registrations } = setUp(stored)
    await agent.ensure()
    expect(agent.agentId).toBe('agent_old')
    expect([...agent.targets]).toEqual([['svc_1', { host: '127.0.0.1', port: 3000 }]])
    expect(registrations()).toBe(0)
  })

  it.each([
    ['of another hub', { ...stored, hubUrl: 'http://elsewhere' }, () => ({})],
    ['of another workspace, or gone', stored, () => Promise.reject(new HubRefusal('agent.not_found', 'No.'))],
  ])('is another one where the stored one is %s', async (_what, record, answer) => {
    const { kept } = setUp(record, answer)
    await agent.ensure()
    expect(agent.agentId).toBe('agent_new_1')
    expect(agent.targets.size).toBe(0)
    expect(kept()?.targets).toEqual({})
  })

  it('stays the stored one while the hub is away', async () => {
    const { registrations } = setUp(stored, () => Promise.reject(new Error('away')))
    await expect(agent.ensure()).rejects.toThrow('away')
    expect(agent.agentId).toBe('agent_old')
    expect(registrations()).toBe(0)
  })

  it('remembers what it serves, and what no more', async () => {
    const { kept } = setUp(stored)
    await agent.serve('svc_2', { host: '::1', port: 4000 })
    await agent.stopServing(['svc_1'])
    expect(kept()?.targets).toEqual({ svc_2: { host: '::1', port: 4000 } })
  })
})
