import { createServer } from 'node:https'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createAuthority, type Certificate } from '../kit/certificates.ts'
import {
  cleanUp,
  readAll,
  startEcho,
  startHub,
  startRigAgent,
  transports,
  untilConnected,
} from './kit/tunnel-rig.ts'

/*
 * TUN-08: over https the agent verifies the hub's certificate and name, always; its token leaves only after that.
 * The only way to trust another certificate is to name the authority.
 */
const authority = createAuthority()
afterEach(cleanUp)
afterAll(() => authority.remove())

async function startTlsHub(certificate: Certificate) {
  const hub = await startHub({ server: createServer(certificate) })
  return { hub, url: `https://127.0.0.1:${hub.port}` }
}

describe.each(transports)('a hub over https, %s', (transport) => {
  it('is used when the authority and the name are right', async () => {
    const { hub, url } = await startTlsHub(authority.issue('IP:127.0.0.1'))
    const agent = startRigAgent(url, { echo: await startEcho() }, { transport, ca: authority.ca })
    await untilConnected(agent)
    const stream = await hub.dial('echo')
    stream.end('x'.repeat(300_000))
    expect(await readAll(stream)).toHaveLength(300_000)
  })

  it.each([
    { name: 'an unknown authority', certificate: authority.issue('IP:127.0.0.1'), ca: undefined },
    {
      name: 'itself',
      certificate: authority.issue('IP:127.0.0.1', { isSelfSigned: true }),
      ca: authority.ca,
    },
    { name: 'a wrong address', certificate: authority.issue('IP:127.0.0.2'), ca: authority.ca },
    {
      name: 'a name instead of the address',
      certificate: authority.issue('DNS:localhost'),
      ca: authority.ca,
    },
    {
      name: 'a date in the past',
      certificate: authority.issue('IP:127.0.0.1', { days: -1 }),
      ca: authority.ca,
    },
  ])('is refused with a certificate of $name, before the token is sent', async ({ certificate, ca }) => {
    const { hub, url } = await startTlsHub(certificate)
    let requests = 0
    hub.server.on('request', () => (requests += 1))
    const agent = startRigAgent(url, {}, { transport, ca })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'tls_failed' })
    expect(agent.statuses.some(({ state }) => state === 'connected')).toBe(false)
    expect(hub.upgradesAtMs).toEqual([])
    expect(requests).toBe(0)
  })

  it('is refused when it speaks plain HTTP', async () => {
    const hub = await startHub()
    const agent = startRigAgent(`https://127.0.0.1:${hub.port}`, {}, { transport })
    await expect.poll(() => agent.status).toMatchObject({ state: 'waiting', reason: 'tls_failed' })
  })
})
