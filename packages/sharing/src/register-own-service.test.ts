import type { Service } from '@private-connect/api/contracts'
import { describe, expect, it } from 'vitest'
import type { AgentIdentities, AgentIdentity } from './agent-identities.ts'
import { HubRefusal } from './failure.ts'
import { registerOwnService, type RegistrationHub } from './register-own-service.ts'

const request = { name: 'app', targetHost: 'localhost', targetPort: 3000, protocol: 'http' } as const
const refuse = (code: string): HubRefusal => new HubRefusal(code, 'x')

interface World {
  readonly taken?: (name: string) => boolean
  readonly knows?: (agentId: string) => boolean
  readonly stored?: AgentIdentity
}

/** A hub and an identity store that only note what they are asked. */
function createWorld({ taken = () => false, knows = () => true, stored }: World = {}) {
  const notes: string[] = []
  const hub: RegistrationHub = {
    hubUrl: 'http://hub',
    async registerAgent(name: string) {
      notes.push(`agent ${name}`)
      return { agentId: 'agent_new', token: 'agent_tok_new' }
    },
    async registerService(agentId: string, { name }) {
      if (!knows(agentId)) throw refuse('agent.not_found')
      if (taken(name)) throw refuse('service.name_taken')
      return { id: 'svc_1', name } as Service
    },
  }
  const identities: AgentIdentities = {
    claim: async () => stored ?? null,
    add: async (_hub, { agentId }) => void notes.push(`add ${agentId}`),
    release: async (_hub, agentId) => void notes.push(`release ${agentId}`),
    forget: async (_hub, agentId) => void notes.push(`forget ${agentId}`),
  }
  return { notes, options: { hub, identities, hostName: 'my host', randomEnd: 'k3f9', nameHint: 'Choose.' } }
}

describe('registerOwnService', () => {
  it('registers an agent the first time and keeps its identity', async () => {
    const { notes, options } = createWorld()
    const own = await registerOwnService(options, request)
    expect(own).toMatchObject({ identity: { agentId: 'agent_new' }, service: { name: 'app' } })
    expect(notes).toEqual(['agent my-host', 'add agent_new'])
  })

  it('uses the identity that it has', async () => {
    const { notes, options } = createWorld({ stored: { agentId: 'agent_old', token: 't' } })
    expect((await registerOwnService(options, request)).identity.agentId).toBe('agent_old')
    expect(notes).toEqual([])
  })

  it('registers anew where the hub does not know the agent any more', async () => {
    const { notes, options } = createWorld({
      stored: { agentId: 'agent_old', token: 't' },
      knows: (id) => id === 'agent_new',
    })
    expect((await registerOwnService(options, request)).identity.agentId).toBe('agent_new')
    expect(notes).toEqual(['forget agent_old', 'agent my-host', 'add agent_new'])
  })

  it('takes the next name where another agent has it', async () => {
    const { options } = createWorld({ taken: (name) => ['app', 'app-2'].includes(name) })
    expect((await registerOwnService(options, request)).service.name).toBe('app-3')
  })

  it('gives the identity back and says what to do where all names are taken', async () => {
    const { notes, options } = createWorld({
      taken: () => true,
      stored: { agentId: 'agent_old', token: 't' },
    })
    await expect(registerOwnService(options, request)).rejects.toMatchObject({
      kind: 'failed',
      hint: 'Choose.',
    })
    expect(notes).toEqual(['release agent_old'])
  })

  it('gives a new identity back too, for whoever comes next', async () => {
    const { notes, options } = createWorld({ taken: () => true })
    await expect(registerOwnService(options, request)).rejects.toThrow('have all service names like app')
    expect(notes).toEqual(['agent my-host', 'add agent_new', 'release agent_new'])
  })
})
