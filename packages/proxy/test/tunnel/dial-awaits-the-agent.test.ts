import type { AppError } from '@private-connect/errors'
import { afterEach, expect, it } from 'vitest'
import { dialTunnel } from '../../src/tunnel/index.ts'
import { cleanUp, readAll, startEcho, startHub, startRigAgent, untilConnected } from './kit/tunnel-rig.ts'

/* Guarantee: a dial that is told to wait resolves once the service itself has accepted, and rejects with its refusal. */
afterEach(cleanUp)

async function startDial(targets: Record<string, number>) {
  const hub = await startHub()
  const agent = startRigAgent(hub.url, targets, { transport: 'raw' })
  await untilConnected(agent)
  const dial = dialTunnel(hub.registry)
  const { signal } = new AbortController()
  return (id: string, agentId = 'agent_1', options: { signal: AbortSignal } = { signal }) =>
    dial({ id, agentId }, { shareId: '', kind: 'query', awaitsOpen: true, ...options })
}

it('resolves with an open stream', async () => {
  const dial = await startDial({ echo: await startEcho() })
  const stream = await dial('echo')
  stream.end('hello')
  expect((await readAll(stream)).toString()).toBe('hello')
})

it('rejects with the reason that the agent gives', async () => {
  const dial = await startDial({ closed: 1 })
  const codeOf = (dialled: Promise<unknown>) =>
    dialled.then(
      () => 'resolved',
      (error: AppError) => error.code,
    )
  expect(await codeOf(dial('closed'))).toBe('upstream.refused')
  expect(await codeOf(dial('unknown'))).toBe('share.not_shared')
  expect(await codeOf(dial('closed', 'agent_2'))).toBe('agent.offline')
  expect(await codeOf(dial('closed', 'agent_1', { signal: AbortSignal.abort() }))).toBe('tunnel.failed')
})
