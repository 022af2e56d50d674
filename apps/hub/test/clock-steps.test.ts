// Guarantee (REV-07, REL-11): a share ends at its time by the database, within a second, whatever somebody does to the
// hub's own clock meanwhile: what is open ends then, and nothing gets in afterwards. What waits for a webhook that is enabled
// again follows at once, an agent that goes is told of, and a limit that is used up stays so.
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@private-connect/db/embedded'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createApiKey, createRestCaller } from './kit/hub.ts'
import { makeTemporaryFolder, Program } from './kit/processes.ts'
import { sharePort } from './kit/share.ts'
import { startWebhookReceiver } from './kit/webhook-receiver.ts'

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
const lifetimeMs = 5_000
const toleranceMs = 1_000

const folder = makeTemporaryFolder()
const clockFile = `${folder.path}/clock`
let postgres: EmbeddedPostgres
let program: Program
let app: Server
let url: string
let apiKey: string
let api: ReturnType<typeof createRestCaller>

/** How far the hub's clock is from everybody else's. */
function stepClock(offset: string): void {
  writeFileSync(clockFile, offset)
}

/** The step has arrived in the hub: its own answers are dated by it. */
async function clockIsOff(offsetMs: number): Promise<void> {
  await vi.waitFor(async () => {
    const date = (await fetch(`${url}/livez`)).headers.get('date') ?? ''
    expect(Math.abs(new Date(date).getTime() - Date.now() - offsetMs)).toBeLessThan(3_000)
  }, 5_000)
}

beforeAll(async () => {
  chmodSync(folder.path, 0o755)
  stepClock('+0s')
  postgres = await startEmbeddedPostgres({ dataDir: `${folder.path}/server`, log: { info() {}, warn() {} } })
  app = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (request.url === '/events') response.write('data: 1\n\n')
    else response.end('ok')
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const settings = {
    PORT: '0',
    DATA_DIR: `${folder.path}/hub`,
    DATABASE_URL: postgres.url,
    HUB_SECRET: '0123456789abcdef0123456789abcdef',
    HUB_URL: 'http://127.0.0.1:7399',
    LINK_URL: 'http://localhost:7399',
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
  }
  program = new Program(['apps/hub/src/main.ts'], {
    ...settings,
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  const [, port] = await program.waitFor(/"port":(\d+)/)
  await program.waitFor(/Private Connect is running/)
  url = `http://127.0.0.1:${port}`
  apiKey = await createApiKey({ settings })
  api = createRestCaller(url, apiKey)
})
afterAll(async () => {
  await program?.stop('SIGKILL')
  app?.closeAllConnections()
  app?.close()
  await postgres?.stop()
  folder.remove()
})

async function createShare(): Promise<{ path: string; endMs: number }> {
  const target = {
    name: `app-${Date.now()}`,
    targetHost: '127.0.0.1',
    targetPort: (app.address() as AddressInfo).port,
  }
  const { body } = await api<{ service: { id: string } }>('POST', '/v1/services/external', {
    ...target,
    protocol: 'http',
  })
  const endMs = Date.now() + lifetimeMs
  const created = await api<{ share: { token: string } }>('POST', `/v1/services/${body.service.id}/shares`, {
    name: 'clock',
    expiresAt: new Date(endMs).toISOString(),
  })
  expect(created.status).toBe(201)
  return { path: `${url}/shared/${created.body.share.token}`, endMs }
}

/** Resolves with when the stream ended. */
async function readToTheEnd(response: Response): Promise<number> {
  try {
    for await (const _chunk of response.body ?? []);
  } catch {
    // A cut stream ends with an error.
  }
  return Date.now()
}

it.each([
  ['ten minutes ahead', '+600s', 600_000],
  ['ten minutes back', '-600s', -600_000],
])('a step of the clock %s moves no end of a share', { timeout: 60_000 }, async (_name, offset, offsetMs) => {
  stepClock('+0s')
  const { path, endMs } = await createShare()
  const ended = readToTheEnd(await fetch(`${path}/events`))
  stepClock(offset)
  await clockIsOff(offsetMs)
  const health = (await (await fetch(`${url}/health`)).json()) as { warnings: string[] }
  expect(health.warnings).toContain('clock_skew')
  expect((await fetch(`${path}/small`)).status).toBe(200)
  const endedMs = await ended
  expect(endedMs - endMs).toBeGreaterThan(-toleranceMs)
  expect(endedMs - endMs).toBeLessThan(10 * toleranceMs)
  expect((await fetch(`${path}/small`)).status).toBe(403)
})

it('a clock that is a day ahead holds no delivery back', { timeout: 60_000 }, async () => {
  stepClock('+0s')
  const receiver = await startWebhookReceiver()
  receiver.answer = 500
  const input = { url: receiver.url, events: ['share.created'] }
  const { body } = await api<{ webhook: { id: string } }>('POST', '/v1/webhooks', input)
  const path = `/v1/webhooks/${body.webhook.id}`
  await createShare()
  const noted = async () =>
    (await api<{ deliveries: { lastStatusCode: number }[] }>('GET', `${path}/deliveries`)).body.deliveries
  await vi.waitFor(async () => expect(await noted()).toMatchObject([{ lastStatusCode: 500 }]), 20_000)
  await api('PATCH', path, { isEnabled: false })
  stepClock('+1d')
  await clockIsOff(86_400_000)
  receiver.answer = 204
  await api('PATCH', path, { isEnabled: true })
  await vi.waitFor(async () => expect(await noted()).toMatchObject([{ status: 'delivered' }]), 20_000)
  await receiver.close()
})

it('a clock that went back hides no agent that goes', { timeout: 90_000 }, async () => {
  stepClock('+0s')
  await clockIsOff(0)
  const shared = await sharePort({ url, apiKey }, (app.address() as AddressInfo).port)
  stepClock('-600s')
  await clockIsOff(-600_000)
  await shared.stop('SIGKILL')
  const told = async () =>
    (
      await api<{ events: { type: string; createdAt: string; data: { timestamp: string } }[] }>(
        'GET',
        '/v1/events?order=newest&limit=1',
      )
    ).body.events
  await vi.waitFor(async () => expect(await told()).toMatchObject([{ type: 'agent.offline' }]), {
    timeout: 40_000,
    interval: 500,
  })
  const [event] = await told()
  expect(Date.now() - new Date(event?.data.timestamp ?? 0).getTime()).toBeLessThan(60_000)
})

it('a clock that is a day ahead lifts no limit', async () => {
  stepClock('+0s')
  await clockIsOff(0)
  const signIn = async () => {
    const body = JSON.stringify({ email: 'guesser@example.com' })
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/v1/auth/login`, { method: 'POST', headers, body })).status
  }
  const statuses: number[] = []
  while (!statuses.includes(429) && statuses.length < 100) statuses.push(await signIn())
  expect(statuses.at(-1)).toBe(429)
  stepClock('+1d')
  await clockIsOff(86_400_000)
  expect(await signIn()).toBe(429)
})
