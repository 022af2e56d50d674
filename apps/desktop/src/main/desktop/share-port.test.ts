import { createServer, type AddressInfo, type Server } from 'node:net'
import { HubRefusal, type AgentIdentity } from '@private-connect/sharing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HubApi, HubClient } from './hub-api.ts'
import type { MachineAgent } from './machine-agent.ts'
import { sharePort, type SharePortOptions } from './share-port.ts'
import { createQueue } from './single-flight.ts'

/** Two ports that are shared at once by a machine that the hub has forgotten make one agent of it; a link is an address and nothing else. */
let server: Server
let port: number

beforeEach(async () => {
  server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  ;({ port } = server.address() as AddressInfo)
})

afterEach(() => void server.close())

/** A hub that has forgotten this machine, and makes shares with that link. */
function setUp(shareUrl = 'https://hub.example/s/1') {
  const registered: string[] = []
  /** How many were registering whenever the hub was asked. */
  const atOnce: number[] = []
  let registering = 0
  const queue = createQueue()
  const client = {
    agents: {
      register: {
        mutate: async () => {
          registered.push('agent_new')
          return { agent: { id: 'agent_new' }, token: 'agent_tok_new' }
        },
      },
    },
    services: {
      register: {
        mutate: async ({ agentId }: { agentId: string }) => {
          atOnce.push(registering)
          if (agentId === 'agent_new') return { service: { id: 'svc_1' } }
          throw new HubRefusal('agent.not_found', 'No such agent.')
        },
      },
    },
    shares: {
      create: {
        mutate: async () => ({
          share: { id: 'share_1', name: 'shop', shareUrl, expiresAt: null },
        }),
      },
    },
  } as unknown as HubClient
  const api: HubApi = { hubUrl: 'http://127.0.0.1:1', client, call: async (work) => work(client) }
  let identity: AgentIdentity | null = { agentId: 'agent_old', token: 'agent_tok_old' }
  const agent = {
    ensure: async () => undefined,
    serve: async () => undefined,
    identities: {
      claim: async () => identity,
      add: async (_hubUrl: string, added: AgentIdentity) => void (identity = added),
      release: async () => undefined,
      forget: async () => void (identity = null),
    },
  } as unknown as MachineAgent
  const options: SharePortOptions = {
    api,
    agent,
    hostName: 'test-host',
    defaultExpiry: '24h',
    seen: undefined,
    inTurn: (work) =>
      queue(async () => {
        registering += 1
        return work().finally(() => (registering -= 1))
      }),
    shares: { add: () => undefined, pin: () => () => undefined },
    links: { find: () => null, keep: async () => undefined, forget: async () => undefined },
    onUnkept: () => undefined,
  }
  return { registered, atOnce, share: async () => sharePort(options, { port, host: '127.0.0.1' }) }
}

it('registers this machine anew once, whichever of two shares finds out that it is forgotten', async () => {
  const { share, registered, atOnce } = setUp()
  const shared = await Promise.all([share(), share()])
  expect(shared.map(({ id }) => id)).toEqual(['share_1', 'share_1'])
  expect(registered).toEqual(['agent_new'])
  expect(atOnce).toEqual([1, 1, 1])
})

it('takes no link from a hub but an address of the web', async () => {
  await expect(setUp('javascript:alert(1)').share()).rejects.toThrow('must be an http or https address')
  const shared = await setUp('https://hub.example/a\n;rm').share()
  expect(shared.url).toBe('https://hub.example/a;rm')
})
