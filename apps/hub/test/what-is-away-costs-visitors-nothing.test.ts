// Guarantee (REL-16): while the mail server, the name servers and the endpoints of webhooks take everything and answer
// nothing, and one has work for each of them, visitors of other shares wait no longer than on a hub without such trouble.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createSilentServer, type AddressInfo, type Server as SilentServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { repositoryRoot } from './kit/processes.ts'
import { shareDirectly } from './kit/share.ts'

const rounds = 5
const requestsPerRound = 100
const paceMs = 8
const visitsPerRound = 20
const hookCount = 30

let app: Server
let silent: SilentServer
const names = createSocket('udp4')
/** How often each was asked for something. */
const asked = { mail: 0, hooks: 0, names: 0 }
let mailPort: number
let calm: TestHub
let troubled: TestHub

beforeAll(async () => {
  app = createServer((_request, response) => response.end('app')).listen(0, '127.0.0.1')
  silent = createSilentServer((socket) => {
    socket.on('error', () => undefined).once('data', () => (asked.hooks += 1))
  }).listen(0, '127.0.0.1')
  const mail = createSilentServer((socket) => {
    asked.mail += 1
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  mail.unref()
  names.on('message', () => (asked.names += 1)).bind(0, '127.0.0.1')
  await Promise.all([app, silent, mail, names].map(async (server) => once(server, 'listening')))
  mailPort = (mail.address() as AddressInfo).port
  const settings = { SHARE_REQUESTS_PER_MIN: '1000000', API_REQUESTS_PER_MIN: '1000000', LOG_LEVEL: 'error' }
  const trouble = {
    SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    MAIL_FROM: 'hub@example.com',
    SIGN_IN_REQUESTS_PER_MIN: '100000',
    SIGN_IN_MAILS_PER_ADDRESS: '100000',
    NODE_OPTIONS: `--import=${join(repositoryRoot, 'apps/hub/test/kit/other-name-server.js')}`,
    NAME_SERVER: `127.0.0.1:${names.address().port}`,
  }
  ;[calm, troubled] = await Promise.all([startTestHub(settings), startTestHub({ ...settings, ...trouble })])
}, 120_000)
afterAll(async () => {
  names.close()
  silent.close()
  await Promise.all([calm?.remove(), troubled?.remove()])
  app.closeAllConnections()
  app.close()
})

const appPort = () => (app.address() as AddressInfo).port

async function addHooks(): Promise<void> {
  const { port } = silent.address() as AddressInfo
  const urls = Array.from({ length: hookCount }, (_, at) =>
    at % 3 === 0 ? `https://hook-${at}.example.com/` : `http://127.0.0.1:${port}/${at}`,
  )
  const made = await Promise.all(urls.map(async (url) => troubled.api('POST', '/v1/webhooks', { url })))
  expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]))
}

/** An event for each webhook, a mail, and visits where a name has to be asked for; answers what still waits. */
async function makeTrouble(round: number, nameless: string): Promise<Promise<unknown>[]> {
  const email = `u${round}@example.com`
  await shareDirectly(troubled, appPort(), `more-${round}`)
  await fetch(`${troubled.url}/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, workspaceName: 'team' }),
  })
  return Array.from({ length: visitsPerRound }, async () => (await fetch(nameless)).status)
}

/** Of one round at a steady pace, however late answers are: the time that 99 of 100 requests stayed below. */
async function measureP99(url: string): Promise<number> {
  const visits: Promise<number>[] = []
  for (let count = 0; count < requestsPerRound; count += 1) {
    visits.push(measureVisit(url))
    await wait(paceMs)
  }
  const times = (await Promise.all(visits)).toSorted((one, other) => one - other)
  return times[Math.ceil(requestsPerRound * 0.99) - 1] ?? 0
}

async function measureVisit(url: string): Promise<number> {
  const startMs = performance.now()
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([200, 'app'])
  return performance.now() - startMs
}

const medianOf = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0

it('visits take as long as without', { timeout: 240_000 }, async () => {
  const urls = {
    calm: (await shareDirectly(calm, appPort())).shareUrl,
    troubled: (await shareDirectly(troubled, appPort())).shareUrl,
  }
  const target = { name: 'nameless', targetHost: 'app.example.com', targetPort: 80, protocol: 'http' }
  const service = await troubled.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const path = `/v1/services/${service.body.service.id}/shares`
  const nameless = await troubled.api<{ share: { shareUrl: string } }>('POST', path, { name: 'nameless' })
  await addHooks()
  const waiting: Promise<unknown>[] = []
  const p99: Record<'calm' | 'troubled', number[]> = { calm: [], troubled: [] }
  for (let round = 0; round < rounds; round += 1) {
    waiting.push(...(await makeTrouble(round, nameless.body.share.shareUrl)))
    for (const which of ['calm', 'troubled'] as const) p99[which].push(await measureP99(urls[which]))
  }
  const refused = new Set(await Promise.all(waiting))
  expect([...refused].every((status) => status === 502 || status === 504)).toBe(true)
  expect(asked.mail).toBeGreaterThan(0)
  expect(asked.names).toBeGreaterThan(0)
  // Four at once for each that can be reached at all.
  expect(asked.hooks).toBeGreaterThanOrEqual((hookCount * 2) / 3)
  // In the same minute on the same machine; what blocks takes seconds.
  expect(medianOf(p99.troubled)).toBeLessThan(3 * medianOf(p99.calm) + 10)
})
