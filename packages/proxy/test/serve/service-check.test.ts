// Guarantee: a check says what a visitor's request would find, step by step, within its time, whatever answers; and
// for a target that may not be dialled the same as for a closed port (SSRF-13).
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type Server } from 'node:net'
import { AppError } from '@private-connect/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createDialCheck,
  createDirectDial,
  createServiceCheck,
  type CheckReport,
  type Dial,
  type UpstreamService,
} from '../../src/serve/index.ts'
import { createAuthority, type Certificate, type TestAuthority } from '../kit/certificates.ts'
import { listenOn } from './kit/raw-upstream.ts'

let authority: TestAuthority
let certificate: Certificate
const servers: Server[] = []

beforeAll(() => {
  authority = createAuthority()
  certificate = authority.issue('DNS:localhost', { isSelfSigned: true })
})
afterAll(() => {
  authority.remove()
  for (const server of servers) server.close()
})

async function start(server: Server): Promise<number> {
  servers.push(server)
  return listenOn(server)
}

const startHttp = () => start(createHttpServer((_request, response) => response.writeHead(404).end()))
const startHttps = () => start(createHttpsServer(certificate, (_request, response) => response.end()))
const startRaw = (answer: string | null) =>
  start(
    createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', () => answer !== null && socket.end(answer))
    }),
  )

const loopback = { allowPrivateTargets: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] }

function check(
  targetPort: number,
  service: Partial<UpstreamService>,
  dial: Dial = createDirectDial(loopback),
): Promise<CheckReport> {
  const base = { id: 'svc_1', agentId: null, name: 'app', targetHost: 'app.test', targetPort } as const
  return createServiceCheck({ dial, stepTimeoutMs: 700 })({ ...base, protocol: 'auto', ...service })
}

describe('a service check', () => {
  it.each(['auto', 'http'] as const)('finds HTTP (%s)', async (protocol) => {
    const report = await check(await startHttp(), { protocol })
    expect(report).toMatchObject({ dns: 'ok', tcp: 'ok', tls: 'skipped', http: 'ok', status: 'active' })
    expect(report.latencyMs).toBeGreaterThanOrEqual(0)
    expect(report.message).toBe('It answers HTTP with status 404.')
  })

  it.each(['auto', 'https'] as const)(
    'finds HTTPS, and a certificate that does not verify (%s)',
    async (protocol) => {
      const port = await startHttps()
      expect(await check(port, { protocol })).toMatchObject({
        tcp: 'ok',
        tls: 'failed',
        http: 'skipped',
        status: 'unreachable',
        message: expect.stringMatching(/self-signed certificate/),
      })
      const found = { tls: 'ok', http: 'ok', status: 'active', message: 'It answers HTTPS with status 200.' }
      expect(await check(port, { protocol, acceptsSelfSigned: true })).toMatchObject(found)
      const throughTunnel: Dial = async () => connect(port, '127.0.0.1')
      expect(await check(port, { protocol, agentId: 'agent_1' }, throughTunnel)).toMatchObject({
        ...found,
        dns: 'skipped',
      })
    },
  )

  it('only connects to what is plain TCP, or a database by its port', async () => {
    const port = await startRaw('hello')
    const tcp = { tcp: 'ok', tls: 'skipped', http: 'skipped', status: 'active' }
    expect(await check(port, { protocol: 'tcp' })).toMatchObject(tcp)
    const database: Dial = async () => connect(port, '127.0.0.1')
    expect(await check(5432, {}, database)).toMatchObject(tcp)
    expect(await check(port, {})).toMatchObject(tcp)
  })

  it('says so when HTTP was expected and does not come, in bounded time', async () => {
    for (const answer of ['SSH-2.0-OpenSSH_9.2\r\n', null]) {
      const port = await startRaw(answer)
      expect(await check(port, { protocol: 'http' })).toMatchObject({ http: 'failed', status: 'unreachable' })
      expect(await check(port, { protocol: 'https' })).toMatchObject({ tls: 'failed', status: 'unreachable' })
      expect(await check(port, {})).toMatchObject({ tcp: 'ok', http: 'skipped', status: 'active' })
    }
  })

  it('tells a name without an address, and nothing apart between closed and forbidden', async () => {
    const unknown = Object.assign(new Error('queryA ENOTFOUND'), { syscall: 'queryA' })
    const resolve = () => Promise.reject(unknown)
    expect(await check(80, {}, createDirectDial({ resolve }))).toMatchObject({
      dns: 'failed',
      tcp: 'skipped',
      latencyMs: null,
      status: 'unreachable',
    })
    const closed = await check(1, {})
    const forbidden = await check(1, {}, createDirectDial({ ...loopback, allowPrivateTargets: [] }))
    expect(closed).toEqual(forbidden)
    expect(closed).toMatchObject({ tcp: 'failed', status: 'unreachable' })
  })

  it.each([
    ['agent.offline', { tcp: 'skipped', status: 'offline' }],
    ['share.not_shared', { tcp: 'failed', status: 'unreachable' }],
    ['upstream.timeout', { tcp: 'failed', status: 'unreachable' }],
    ['tunnel.failed', { tcp: 'failed', status: 'unreachable' }],
  ] as const)('says %s in words', async (code, expected) => {
    const dial: Dial = () => Promise.reject(new AppError(code))
    const report = await check(80, { agentId: 'agent_1' }, dial)
    expect(report).toMatchObject({ ...expected, dns: 'skipped', latencyMs: null })
    expect(report.message).toMatch(/^[A-Z].*\.$/)
  })
})

describe('whether a target may be saved (SSRF-10)', () => {
  const mayDial = createDialCheck({ ownPorts: [7300] })
  it.each([
    'localhost',
    'localhost.',
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '2130706433',
    '0.0.0.0',
    '::1',
    '::',
    '::ffff:169.254.169.254',
    '169.254.169.254',
    '10.0.0.1',
  ])('%s: no', async (host) => {
    expect(await mayDial({ targetHost: host, targetPort: 80 })).toBe(false)
  })

  it('takes public addresses, and names that have no address yet', async () => {
    expect(await mayDial({ targetHost: '93.184.216.34', targetPort: 443 })).toBe(true)
    const options = { resolve: () => Promise.reject(new Error('ENOTFOUND')) }
    expect(await createDialCheck(options)({ targetHost: 'later.example.com', targetPort: 443 })).toBe(true)
  })

  it("never takes the hub's own port, whatever is listed", async () => {
    const check = createDialCheck({ allowPrivateTargets: ['127.0.0.0/8'], ownPorts: [7300] })
    const ask = async (targetPort: number) => check({ targetHost: '127.0.0.1', targetPort })
    expect([await ask(7300), await ask(7301)]).toEqual([false, true])
  })
})
