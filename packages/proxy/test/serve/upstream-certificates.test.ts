// Guarantee (SSRF-12, SPEC §6): the certificate of an external https service must verify for its host, unless that
// service's switch says otherwise; an agent's own target may sign for itself, as local dev servers do.
import { createServer, type Server } from 'node:https'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpstreamService } from '../../src/serve/index.ts'
import { createAuthority, type Certificate, type TestAuthority } from '../kit/certificates.ts'
import { listenOn } from './kit/raw-upstream.ts'
import { sendOne, statusOf } from './kit/raw-client.ts'
import { grantFor, startShareHub, token } from './kit/share-hub.ts'

let authority: TestAuthority
const servers: Server[] = []

beforeAll(() => {
  authority = createAuthority()
})
afterAll(() => {
  authority.remove()
  for (const server of servers) server.close()
})

async function visitStatus(certificate: Certificate, service: Partial<UpstreamService>): Promise<number> {
  const server = createServer(certificate, (_request, response) => response.end('secure'))
  servers.push(server)
  const upstreamPort = await listenOn(server)
  const hub = await startShareHub({
    upstreamPort,
    grant: {
      service: {
        ...grantFor(upstreamPort).service,
        targetHost: 'localhost',
        protocol: 'https',
        ...service,
      },
    },
    // Stands for the tunnel, too: bytes reach the server whichever way.
    ports: { dial: async () => connect(upstreamPort, '127.0.0.1') },
  })
  const answer = await sendOne(hub.port, `GET /shared/${token}/ HTTP/1.1`)
  await hub.close()
  server.closeAllConnections()
  return statusOf(answer)
}

const certificates: Record<string, () => Certificate> = {
  'self-signed': () => authority.issue('DNS:localhost', { isSelfSigned: true }),
  'signed by an unknown authority': () => authority.issue('DNS:localhost'),
  expired: () => authority.issue('DNS:localhost', { days: -1 }),
  'of another name': () => authority.issue('DNS:elsewhere.test', { isSelfSigned: true }),
}

describe.each(Object.keys(certificates))('a certificate that is %s', (kind) => {
  const issue = (): Certificate => certificates[kind]?.() ?? { key: '', cert: '' }

  it('is refused for an external service', async () => {
    expect(await visitStatus(issue(), { agentId: null })).toBe(502)
  })

  it('passes where the service says so', async () => {
    expect(await visitStatus(issue(), { agentId: null, acceptsSelfSigned: true })).toBe(200)
  })

  it("passes for an agent's own target", async () => {
    expect(await visitStatus(issue(), { agentId: 'agent_1' })).toBe(200)
  })
})
