// Guarantee (TOK-02, TOK-08): after a thousand requests of visitors who bring the token in every place that a request has,
// it is in no row of the database, no line of the log and no metric.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Db } from '@private-connect/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dumpDatabase } from './kit/dump-database.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { openHubDb } from './kit/tenants.ts'

const visits = 1000
let hub: TestHub
let db: Db
let app: Server

beforeAll(async () => {
  app = createServer((request, response) => {
    // Some answers fail, some name where the visitor is.
    response.statusCode = request.url?.includes('/fails') ? 500 : 200
    response.end(`you are at ${request.url}`)
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  hub = await startTestHub({ LOG_LEVEL: 'trace' })
  db = await openHubDb(hub)
}, 120_000)
afterAll(async () => {
  await db?.close()
  await hub?.remove()
  app?.close()
})

it('the token is kept nowhere', { timeout: 240_000 }, async () => {
  const target = { name: 'web', targetHost: '127.0.0.1', targetPort: (app.address() as AddressInfo).port }
  const made = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const { body } = await hub.api<{ share: { id: string; token: string } }>(
    'POST',
    `/v1/services/${made.body.service.id}/shares`,
    { name: 'demo' },
  )
  const { id, token } = body.share
  const label = token.replaceAll('_', '-')
  const ways: readonly ((at: number) => Promise<Response>)[] = [
    (at) => fetch(`${hub.url}/shared/${token}/page/${at}`),
    (at) => fetch(`${hub.url}/shared/${token}/fails?token=${token}&at=${at}`),
    () => fetch(`${hub.url}/shared/${token}/in/${token}/path/${label}`),
    () => fetch(`${hub.url}/shared/${token}/x`, { headers: { 'user-agent': `bot ${token} ${label}` } }),
    () =>
      fetch(`${hub.url}/shared/${token}/x`, {
        headers: { referer: `${hub.url}/shared/${token}/`, cookie: `a=${token}`, 'x-token': token },
      }),
    () => fetch(`${hub.url}/shared/${token}/x`, { method: 'POST', body: token }),
    () => fetch(`${hub.url}/shared/${token}/%2e%2e/${token}`),
    () => fetch(`${hub.url}/shared/${token}`, { redirect: 'manual' }),
  ]
  for (let at = 0; at < visits; at += 20) {
    const batch = Array.from({ length: 20 }, async (_, more) => {
      await (await ways[(at + more) % ways.length]?.(at + more))?.text()
    })
    await Promise.all(batch)
  }
  // Denied ones are partly counted rather than listed.
  const listed = async () => db.client.accessLog.count({ where: { shareId: id } })
  await expect.poll(listed, { timeout: 20_000 }).toBeGreaterThan(visits * 0.8)

  const metrics = await (await fetch(`${hub.url}/metrics`)).text()
  expect(metrics).toContain('# TYPE')
  const log = hub.program.output.split('\n').filter((line) => line.startsWith('{'))
  const kept = { dump: await dumpDatabase(db), log: log.join('\n'), metrics }
  expect(kept.dump).toContain(token.slice(0, 13))
  for (const text of Object.values(kept)) {
    expect(text.length).toBeGreaterThan(100)
    expect(text.includes(token.slice(10))).toBe(false)
  }
})
