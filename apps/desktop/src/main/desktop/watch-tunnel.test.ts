import type { AgentStatus } from '@private-connect/proxy/tunnel'
import { Failure } from '@private-connect/sharing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { aState } from '../../../test/kit/desktop-state.ts'
import { createStateStore, type StateStore } from './state-store.ts'
import { watchTunnel, type TunnelWatch } from './watch-tunnel.ts'

/** A hub that has forgotten this machine gets to know it anew, once; one that refuses even a new agent is left alone. */
const forgotten: AgentStatus = {
  state: 'waiting',
  reason: 'unauthorized',
  message: 'The hub does not know this machine.',
  retryAtMs: 0,
}
const connected: AgentStatus = { state: 'connected', transport: 'raw', hubVersion: '0', sinceMs: 0 }
const done: string[] = []
let ensure: () => Promise<void>
let store: StateStore
let tunnel: TunnelWatch

beforeEach(() => {
  done.length = 0
  ensure = async () => void done.push('ensure')
  store = createStateStore(aState())
  tunnel = watchTunnel({
    agent: { ensure: () => ensure(), forget: async () => void done.push('forget') },
    store,
    log: { info: () => undefined, warn: () => undefined },
    onForgotten: () => void done.push('told'),
  })
})

describe('the watch over the tunnel', () => {
  it('registers this machine anew where the hub has forgotten it, and tells what hangs on it', async () => {
    tunnel.changed(forgotten)
    await vi.waitFor(() => expect(done).toEqual(['forget', 'ensure', 'told']), { timeout: 10_000 })
  })

  it('asks a hub for no third agent, until one was let in', async () => {
    tunnel.changed(forgotten)
    await vi.waitFor(() => expect(done).toHaveLength(3), { timeout: 10_000 })
    tunnel.changed(forgotten)
    expect(store.get()).toMatchObject({ connection: 'offline', trouble: forgotten.message })
    tunnel.changed(connected)
    expect(done).toHaveLength(3)
    tunnel.changed(forgotten)
    await vi.waitFor(() => expect(done).toHaveLength(6), { timeout: 10_000 })
  })

  it('says why this machine cannot be registered', async () => {
    ensure = () => Promise.reject(new Failure('failed', 'The hub takes no more machines.'))
    await tunnel.ensure()
    expect(store.get()).toMatchObject({ connection: 'offline', trouble: 'The hub takes no more machines.' })
  })

  it('does not take another refusal for having been forgotten', () => {
    tunnel.changed({ ...forgotten, reason: 'unreachable', message: 'The hub cannot be reached.' })
    expect(done).toEqual([])
    expect(store.get().trouble).toBe('The hub cannot be reached.')
  })
})
