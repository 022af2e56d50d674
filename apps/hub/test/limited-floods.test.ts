// Guarantee (RL-10): a flood that is answered with 429 asks the database nothing, and lists no row for each refusal.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'

const flood = 2000
let inner: InnerHub
let app: Server
let path: string
let shareId: string
let appHits = 0

beforeAll(async () => {
  app = createServer((_request, response) => {
    appHits += 1
    response.end('ok')
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  inner = await startInnerHub()
  const target = { name: 'web', targetHost: '127.0.0.1', targetPort: (app.address() as AddressInfo).port }
  const made = await inner.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const { body } = await inner.api<{ share: { id: string; token: string } }>(
    'POST',
    `/v1/services/${made.body.service.id}/shares`,
    { name: 'demo', rateLimitPerMin: 5 },
  )
  shareId = body.share.id
  path = `/shared/${body.share.token}/`
}, 120_000)
afterAll(async () => {
  await inner?.remove()
  app?.close()
})

it('is answered from memory, and listed as a hundred rows and one that counts the rest at most', async () => {
  const visit = async () => {
    const answer = await fetch(inner.url + path)
    await answer.text()
    return answer.status
  }
  for (let count = 0; count < 5; count += 1) expect(await visit()).toBe(200)
  const query = vi.spyOn(inner.hub.store.db.pool, 'query')
  const statuses = new Set<number>()
  const startedMs = performance.now()
  for (let count = 0; count < flood; count += 20) {
    for (const status of await Promise.all(Array.from({ length: 20 }, visit))) statuses.add(status)
  }
  const seconds = (performance.now() - startedMs) / 1000
  const asked = query.mock.calls.length
  query.mockRestore()
  expect([...statuses]).toEqual([429])
  expect(appHits).toBe(5)
  // A look at the share each second, and the log's batches.
  expect(asked).toBeLessThan(40 + seconds * 20)
  await inner.hub.deps.accessLog.flush()
  const listed = await inner.hub.store.db.client.accessLog.count({ where: { shareId } })
  expect(listed).toBeGreaterThanOrEqual(5 + 100)
  expect(listed).toBeLessThanOrEqual(5 + 100 + 2)
})
