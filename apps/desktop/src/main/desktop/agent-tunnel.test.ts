import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AgentStatus } from '@private-connect/proxy/tunnel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAgentTunnel, type AgentTunnel } from './agent-tunnel.ts'

/** One tunnel, of the identity that is wanted now: what was left behind opens nothing and says nothing. */
let server: Server
/** By which tokens a tunnel was asked for. */
let asked: (string | undefined)[]
let statuses: AgentStatus[]
let resolveProxy: () => Promise<undefined>
let tunnel: AgentTunnel

const identity = (name: string) => ({ agentId: `agent_${name}`, token: `agent_tok_${name}` })
const askedBy = (...names: string[]) =>
  vi.waitFor(() => expect(asked).toEqual(names.map((name) => `Bearer agent_tok_${name}`)), {
    timeout: 10_000,
  })
const isRefused = () =>
  vi.waitFor(() => expect(statuses.at(-1)).toMatchObject({ state: 'waiting', reason: 'unauthorized' }), {
    timeout: 10_000,
  })

beforeEach(async () => {
  asked = []
  statuses = []
  resolveProxy = async () => undefined
  server = createServer()
  server.on('upgrade', ({ headers }, socket) => {
    asked.push(headers.authorization)
    socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  tunnel = createAgentTunnel({
    hubUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ports: {
      resolveProxy: () => resolveProxy(),
      appVersion: '0',
      log: { info: () => undefined, warn: () => undefined },
    },
    targets: new Map(),
    onStatus: (status) => statuses.push(status),
  })
})

afterEach(async () => {
  tunnel.end()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

describe('the tunnel of this machine', () => {
  it('is tried at once where it is asked for again, however long it would have waited', async () => {
    const own = identity('own')
    tunnel.open(own)
    await isRefused()
    const waiting = statuses.at(-1)
    expect(waiting?.state === 'waiting' ? waiting.retryAtMs - Date.now() : 0).toBeGreaterThan(2000)
    tunnel.open(own)
    await askedBy('own', 'own')
  })

  it('is not opened by an identity that was left while the way to the hub was looked up', async () => {
    let found: (proxy: undefined) => void = () => undefined
    resolveProxy = () => new Promise((done) => (found = done))
    tunnel.open(identity('left'))
    const foundLate = found
    resolveProxy = async () => undefined
    tunnel.open(identity('own'))
    foundLate(undefined)
    await isRefused()
    expect(asked).toEqual(['Bearer agent_tok_own'])
  })

  it('says nothing once it is closed, and may be opened again', async () => {
    tunnel.open(identity('own'))
    await isRefused()
    const said = statuses.length
    tunnel.close()
    expect(statuses).toHaveLength(said)
    tunnel.open(identity('own'))
    await askedBy('own', 'own')
  })

  it('is opened by nothing once it has ended', async () => {
    tunnel.end()
    tunnel.open(identity('own'))
    await new Promise((done) => setImmediate(done))
    expect([asked, statuses]).toEqual([[], []])
  })
})
