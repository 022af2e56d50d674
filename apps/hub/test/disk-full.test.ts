// Guarantee (REL-05): when the disk of the data folder is full, writes of the API are refused with 503 and shares go on;
// when there is space again everything works by itself, webhooks too, and nothing acknowledged is missing.
import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createApiKey, createRestCaller, startHub, type Hub } from './kit/hub.ts'
import { makeTemporaryFolder } from './kit/processes.ts'
import { shareDirectly } from './kit/share.ts'
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts'

const folder = makeTemporaryFolder()
const filler = join(folder.path, 'filler')
let hub: Hub
let api: ReturnType<typeof createRestCaller>
let app: Server
let receiver: WebhookReceiver

// A small disk takes root to mount; the test servers' script asks for root anyway.
const mount = (...args: string[]): void =>
  void execFileSync(
    process.getuid?.() === 0 ? 'mount' : 'sudo',
    process.getuid?.() === 0 ? args : ['-n', 'mount', ...args],
  )

beforeAll(async () => {
  mount('-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', folder.path)
  chmodSync(folder.path, 0o755)
  app = createServer((_request, response) => response.end('app')).listen(0, '127.0.0.1')
  await once(app, 'listening')
  const settings = { API_REQUESTS_PER_MIN: '1000000', SHARE_REQUESTS_PER_MIN: '1000000' }
  hub = await startHub(join(folder.path, 'data'), settings)
  api = createRestCaller(hub.url, await createApiKey(hub))
  receiver = await startWebhookReceiver()
  await api('POST', '/v1/webhooks', { url: receiver.url, events: ['share.revoked'] })
}, 60_000)
afterAll(async () => {
  await hub?.program.stop()
  await receiver?.close()
  app?.close()
  execFileSync(
    process.getuid?.() === 0 ? 'umount' : 'sudo',
    process.getuid?.() === 0 ? ['-l', folder.path] : ['-n', 'umount', '-l', folder.path],
  )
  folder.remove()
})

function fill(): void {
  const file = openSync(filler, 'w')
  try {
    for (let size = 1 << 20; size >= 512;) {
      try {
        writeSync(file, Buffer.alloc(size))
      } catch {
        size /= 2
      }
    }
  } finally {
    closeSync(file)
  }
}

it('refuses writes in words, serves shares, and recovers', { timeout: 120_000 }, async () => {
  const share = await shareDirectly({ api }, (app.address() as AddressInfo).port)
  const visit = async () => (await fetch(`${hub.url}/shared/${share.token}/`)).status
  expect(await visit()).toBe(200)
  const { body: services } = await api<ReadonlyArray<{ id: string }>>('GET', '/v1/services')
  const path = `/v1/services/${services[0]?.id}/shares`
  const create = async () =>
    api<{ code?: string; share?: { id: string } }>('POST', path, { name: 'x'.repeat(90) })

  fill()
  const created: string[] = []
  const statuses = new Set<number>()
  let last = await create()
  for (let count = 0; count < 3000 && last.status === 201; count += 1) {
    created.push(last.body.share?.id ?? '')
    statuses.add(await visit())
    last = await create()
  }
  expect([last.status, last.body.code]).toEqual([503, 'hub.store_unavailable'])
  for (let count = 0; count < 50; count += 1) statuses.add(await visit())
  expect([...statuses]).toEqual([200])
  expect((await fetch(`${hub.url}/livez`)).status).toBe(200)

  rmSync(filler)
  await vi.waitFor(async () => expect((await create()).status).toBe(201), { timeout: 30_000, interval: 200 })
  for (const id of created) expect((await api('GET', `/v1/shares/${id}`)).status).toBe(200)
  expect(await visit()).toBe(200)
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200)
  await api('DELETE', `/v1/shares/${share.id}`)
  await vi.waitFor(
    () => expect(receiver.received.map(({ body }) => body.includes(share.id))).toEqual([true]),
    {
      timeout: 30_000,
    },
  )
})
