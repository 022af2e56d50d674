import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { sharePort, type SharedPort } from './kit/share.ts'

interface Service {
  readonly id: string
  readonly agentId: string | null
  readonly status: string
}
interface Check {
  readonly success: true
  readonly check: Record<string, unknown>
}

let hub: TestHub
let app: Server
let appPort: number
let cookie: string
const shared: SharedPort[] = []

beforeAll(async () => {
  hub = await startTestHub()
  app = createServer((incoming, response) => {
    if (incoming.url === '/stream')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    else response.end('app')
  })
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
  appPort = (app.address() as AddressInfo).port
  const token = new URL(hub.signInUrl).hash.slice(1)
  const answer = await fetch(`${hub.url}/v1/auth/verify?token=${token}`)
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}, 120_000)

afterAll(async () => {
  for (const one of shared) await one.stop()
  app.closeAllConnections()
  app.close()
  await hub.remove()
})

async function share(): Promise<SharedPort> {
  const one = await sharePort(hub, appPort)
  shared.push(one)
  return one
}

async function newestService(): Promise<Service> {
  const { body } = await hub.api<Service[]>('GET', '/v1/services')
  const [service] = body
  if (service === undefined) throw new Error('there is no service')
  return service
}

/** A visitor's event stream; `ended` resolves when it was cut. */
function openStream({ share: { shareUrl } }: SharedPort): Promise<{ ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    request(`${shareUrl}/stream`, (response) => {
      const ended = new Promise<void>((done) => response.once('close', done))
      response.on('error', () => undefined)
      response.once('data', () => resolve({ ended }))
    })
      .on('error', reject)
      .end()
  })
}

const visit = async ({ share: { shareUrl } }: SharedPort) => (await fetch(`${shareUrl}/`)).status

// Guarantee (SPEC §5): deleting a service or an agent cuts what runs through it, and nothing new gets through.
describe('deleting', () => {
  it('a service cuts its visitors at once', async () => {
    const one = await share()
    const { ended } = await openStream(one)
    const { id } = await newestService()
    const { status } = await hub.api('DELETE', `/v1/services/${id}`)
    expect(status).toBe(200)
    await ended
    expect(await visit(one)).toBe(403)
  })

  it('an agent cuts its tunnel and its visitors, and its token is worth nothing', async () => {
    const one = await share()
    const { ended } = await openStream(one)
    const { agentId } = await newestService()
    expect((await hub.api('DELETE', `/v1/agents/${agentId}`)).status).toBe(200)
    await ended
    expect(await visit(one)).toBe(403)
    // The command says that this machine is not welcome any more.
    expect(await one.program.exited).toBe(6)
  })

  it('leads visitors to the new target after a PATCH, and cuts those of the old one', async () => {
    const { id } = (
      await hub.api<{ service: Service }>('POST', '/v1/services/external', {
        name: 'moving',
        targetHost: '127.0.0.1',
        targetPort: appPort,
      })
    ).body.service
    const created = await hub.api<{ share: SharedPort['share'] }>('POST', `/v1/services/${id}/shares`, {
      name: 'moving',
    })
    const one = { share: created.body.share } as SharedPort
    const { ended } = await openStream(one)
    expect((await hub.api('PATCH', `/v1/services/${id}`, { targetPort: 1 })).status).toBe(200)
    await ended
    expect(await visit(one)).toBe(502)
    await hub.api('PATCH', `/v1/services/${id}`, { targetPort: appPort })
    expect(await visit(one)).toBe(200)
  })
})

// Guarantee: a check takes the way that visitors take, through the tunnel or from the hub.
describe('checking', () => {
  const check = async (id: string) => (await hub.api<Check>('POST', `/v1/services/${id}/check`)).body.check

  it('a service behind an agent, while it is there and when it is gone', async () => {
    const one = await share()
    const { id } = await newestService()
    expect(await check(id)).toMatchObject({ dns: 'skipped', tcp: 'ok', http: 'ok' })
    expect((await newestService()).status).toBe('active')
    await one.stop()
    await vi.waitFor(async () => expect((await newestService()).status).toBe('offline'), { timeout: 10_000 })
    expect(await check(id)).toMatchObject({ tcp: 'skipped', message: 'Its agent is offline.' })
  })

  it('an external service, and never the hub itself', async () => {
    const target = { name: 'local', targetHost: 'localhost', targetPort: appPort }
    const made = await hub.api<{ service: Service }>('POST', '/v1/services/external', target)
    expect(made.status).toBe(201)
    expect(await check(made.body.service.id)).toMatchObject({ dns: 'ok', tcp: 'ok', http: 'ok' })
    const self = { ...target, name: 'self', targetPort: hub.port }
    expect((await hub.api('POST', '/v1/services/external', self)).status).toBe(400)
    const metadata = { ...target, name: 'meta', targetHost: '169.254.169.254' }
    expect((await hub.api('POST', '/v1/services/external', metadata)).status).toBe(400)
  })
})

// Guarantee (IP-01, IP-06): a restricted key works from its addresses only, whatever a header says.
it('refuses a key that is limited to other addresses from its next request on', async () => {
  const headers = { cookie, 'content-type': 'application/json' }
  const send = (method: string, path: string, body: object) =>
    fetch(hub.url + path, { method, headers, body: JSON.stringify(body) })
  const { id, key } = (await (await send('POST', '/v1/api-keys', { name: 'office' })).json()) as Record<
    string,
    string
  >
  const use = async (extra: Record<string, string> = {}) =>
    (await fetch(`${hub.url}/v1/agents`, { headers: { 'x-api-key': key ?? '', ...extra } })).status
  expect(await use()).toBe(200)
  const restricted = await send('PUT', `/v1/api-keys/${id}/ip-restrictions`, {
    allowedIpRanges: ['10.0.0.0/8'],
  })
  expect(restricted.status).toBe(200)
  expect(await use()).toBe(403)
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip']) {
    expect(await use({ [name]: name === 'forwarded' ? 'for=10.1.1.1' : '10.1.1.1' })).toBe(403)
  }
  await send('PUT', `/v1/api-keys/${id}/ip-restrictions`, { allowedIpRanges: ['127.0.0.0/8'] })
  expect(await use()).toBe(200)
})

/** The status of one call from an address of this machine that no other test uses. */
function callFrom(localAddress: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${hub.url}/v1/agents`, { headers, localAddress, agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

// Guarantee (KEY-11): guessing keys ends after 20 tries a minute, for whoever guesses and nobody else.
it('limits bad keys by address and locks no real key out', async () => {
  const bad = (index: number) => ({
    'x-api-key': `pc_live_${String(index)
      .padStart(26, 'a')
      .replaceAll(/[0189]/g, 'z')}`,
  })
  const statuses: number[] = []
  for (let index = 0; index < 25; index += 1) statuses.push(await callFrom('127.0.0.42', bad(index)))
  expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)])
  expect(await callFrom('127.0.0.42', { authorization: 'Bearer nonsense' })).toBe(429)
  expect(await callFrom('127.0.0.42', { 'x-api-key': hub.apiKey })).toBe(200)
  expect(await callFrom('127.0.0.42', {})).toBe(401)
  expect(await callFrom('127.0.0.43', bad(1))).toBe(401)
})

// Guarantee: neither codes nor new device sign-ins can be asked for without limit.
it('limits device codes and tries of user codes', async () => {
  const post = async (path: string, body: object) =>
    (
      await fetch(hub.url + path, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status
  const tries: number[] = []
  for (let index = 0; index < 12; index += 1)
    tries.push(await post('/v1/device/verify', { userCode: 'BCDF-GHJK' }))
  expect(tries).toEqual([...Array(10).fill(404), 429, 429])
  const codes: number[] = []
  for (let index = 0; index < 12; index += 1) codes.push(await post('/v1/device/code', { clientName: 'x' }))
  expect(codes).toEqual([...Array(10).fill(200), 429, 429])
})
