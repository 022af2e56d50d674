import { afterEach, describe, expect, it } from 'vitest'
import { frameType } from '../../src/tunnel/mux/frame.ts'
import { encodeOpen } from '../../src/tunnel/mux/open-request.ts'
import { startRawHub, type RawPeer } from './kit/raw-peer.ts'
import { cleanUp, startRigAgent, startService, untilConnected } from './kit/tunnel-rig.ts'

/*
 * TUN-01, TUN-03, promise 6: an agent dials only what its own user shared, even for a hostile hub. A stream names a
 * service id that is looked up in the agent's own list; no frame can carry or add a host and port.
 */
afterEach(cleanUp)

function refusals(peer: RawPeer): [number, string][] {
  return peer.frames
    .filter(({ type }) => type === frameType.refused)
    .map(({ streamId, payload }) => [streamId, payload.toString()])
}

describe('an agent and a hostile hub', () => {
  it('refuses hosts, ports, sockets and names from outside its list, and dials nothing', async () => {
    let dials = 0
    const port = await startService(() => (dials += 1))
    const hub = await startRawHub()
    const agent = startRigAgent(hub.url, { svc_shared: port })
    await untilConnected(agent)
    const [peer] = hub.peers as [RawPeer]
    const asked = [
      `127.0.0.1:${port}`,
      '127.0.0.1:22',
      '169.254.169.254:80',
      '10.0.0.5:5432',
      '/run/docker.sock',
      '127.0.0.1:0',
      '127.0.0.1:65536',
      '__proto__',
      'constructor',
      'SVC_SHARED',
      'svc_shared ',
      'svc_shared\u0000',
    ]
    for (const [index, serviceId] of asked.entries())
      peer.send(
        frameType.open,
        index * 2 + 1,
        encodeOpen({ serviceId, shareId: 'share_1', kind: 'http' }, 1000),
      )
    await expect.poll(() => refusals(peer)).toEqual(asked.map((_id, index) => [index * 2 + 1, 'not_allowed']))
    expect(dials).toBe(0)
    peer.send(frameType.open, 101, encodeOpen({ serviceId: 'svc_shared', shareId: '', kind: 'http' }, 1000))
    await expect.poll(() => dials).toBe(1)
  })

  it('does not learn a service from the hub’s hello', async () => {
    const hub = await startRawHub()
    const agent = startRigAgent(hub.url)
    await untilConnected(agent)
    const [peer] = hub.peers as [RawPeer]
    const pushed = { services: ['svc_pushed'], targets: { svc_pushed: { host: '127.0.0.1', port: 22 } } }
    peer.send(frameType.hello, 0, JSON.stringify(pushed))
    peer.send(frameType.open, 1, encodeOpen({ serviceId: 'svc_pushed', shareId: '', kind: 'http' }, 1000))
    await expect.poll(() => refusals(peer)).toEqual([[1, 'not_allowed']])
    expect([...agent.targets.keys()]).toEqual([])
  })

  it('stops dialling a service that its user took off the list', async () => {
    const port = await startService(() => {})
    const hub = await startRawHub()
    const agent = startRigAgent(hub.url, { svc_1: port })
    await untilConnected(agent)
    agent.targets.delete('svc_1')
    const [peer] = hub.peers as [RawPeer]
    peer.send(frameType.open, 1, encodeOpen({ serviceId: 'svc_1', shareId: '', kind: 'http' }, 1000))
    await expect.poll(() => refusals(peer)).toEqual([[1, 'not_allowed']])
  })
})
