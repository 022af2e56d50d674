// Guarantee (REL-06, OPS-12; the fail policy): while the database is away a share that was in use passes for at most 5 s,
// then nothing does; everything that needs proof is 503 from the start; readiness says so, liveness does not; the hub
// neither ends nor has to be restarted, and all works again within 5 s of the database's return: webhooks and live events
// too, which tell what happened before it went and after it came back, once each.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startServerHub, type ServerHub } from './kit/server-hub.ts'
import { shareDirectly } from './kit/share.ts'
import { eventIn, subscribe } from './kit/subscribe.ts'
import { startWebhookReceiver } from './kit/webhook-receiver.ts'

let hub: ServerHub
let app: Server

beforeAll(async () => {
  app = createServer((_request, response) => response.end('app')).listen(0, '127.0.0.1')
  await once(app, 'listening')
  hub = await startServerHub()
}, 60_000)
afterAll(async () => {
  await hub?.remove()
  app?.close()
})

const statusOf = async (path: string): Promise<number> => {
  const answer = await fetch(hub.url + path)
  await answer.body?.cancel()
  return answer.status
}

it(
  'shares close 5 s after the database went, and open again when it is back',
  { timeout: 120_000 },
  async () => {
    const port = (app.address() as AddressInfo).port
    const [known, unknown, revoked] = [
      await shareDirectly(hub, port, 'known'),
      await shareDirectly(hub, port, 'unknown'),
      await shareDirectly(hub, port, 'revoked'),
    ].map(({ id, token }) => ({ id, path: `/shared/${token}/` }))
    if (known === undefined || unknown === undefined || revoked === undefined) throw new Error('no shares')
    expect(await statusOf(revoked.path)).toBe(200)
    await hub.api('DELETE', `/v1/shares/${revoked.id}`)
    expect([await statusOf(known.path), await statusOf(revoked.path)]).toEqual([200, 403])

    await hub.stopDatabase()
    const goneAtMs = performance.now()
    expect(await statusOf(known.path)).toBe(200)
    expect(await statusOf(unknown.path)).toBe(503)
    expect(await statusOf(revoked.path)).not.toBe(200)
    expect((await hub.api<{ code: string }>('GET', '/v1/shares')).body.code).toBe('hub.store_unavailable')
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 503])

    await vi.waitFor(async () => expect(await statusOf(known.path)).toBe(503), {
      timeout: 15_000,
      interval: 100,
    })
    expect(performance.now() - goneAtMs).toBeLessThan(9_000)
    // However often it is asked, and for however long.
    const endMs = performance.now() + 10_000
    while (performance.now() < endMs) expect(await statusOf(known.path)).toBe(503)

    await hub.startDatabase()
    const backAtMs = performance.now()
    await vi.waitFor(
      async () => {
        const statuses = [known.path, unknown.path, revoked.path, '/readyz'].map(statusOf)
        expect(await Promise.all(statuses)).toEqual([200, 200, 403, 200])
      },
      { timeout: 30_000, interval: 100 },
    )
    expect(performance.now() - backAtMs).toBeLessThan(15_000)
    expect(hub.program.child.exitCode).toBeNull()
    const again = await hub.api<{ shares: unknown[] }>('GET', '/v1/shares')
    expect([again.status, again.body.shares.length]).toEqual([200, 3])
  },
)

it('webhooks and subscriptions outlive it and go on by themselves', { timeout: 120_000 }, async () => {
  const receiver = await startWebhookReceiver()
  receiver.answer = 500
  const input = { url: receiver.url, events: ['share.created'] }
  const made = await hub.api<{ webhook: { id: string } }>('POST', '/v1/webhooks', input)
  const listener = await subscribe(hub.url, { 'x-api-key': hub.apiKey }, ['events.stream'])
  const port = (app.address() as AddressInfo).port
  const before = await shareDirectly(hub, port, 'before')
  const path = `/v1/webhooks/${made.body.webhook.id}/deliveries`
  const noted = async () => (await hub.api<{ deliveries: object[] }>('GET', path)).body.deliveries
  // An attempt that could not be noted would be another's turn only when its lease has run out.
  await vi.waitFor(async () => expect(await noted()).toMatchObject([{ lastStatusCode: 500 }]), {
    timeout: 20_000,
  })
  await hub.stopDatabase()
  await vi.waitFor(async () => expect((await hub.api('GET', '/v1/shares')).status).toBe(503), {
    timeout: 10_000,
  })
  receiver.answer = 204
  receiver.received.splice(0)
  await hub.startDatabase()
  await vi.waitFor(async () => expect((await hub.api('GET', '/v1/shares')).status).toBe(200), {
    timeout: 30_000,
  })
  const after = await shareDirectly(hub, port, 'after')
  // What failed before follows once something arrives.
  const told = () => new Set(receiver.received.map(({ body }) => /share_[0-9a-z]{26}/.exec(body)?.[0]))
  await vi.waitFor(() => expect(told()).toEqual(new Set([before.id, after.id])), { timeout: 30_000 })
  await vi.waitFor(
    () => {
      const heard = listener.heard.map(eventIn).filter(({ type }) => type === 'share.created')
      expect(heard.map(({ data }) => data['shareId'])).toEqual([before.id, after.id])
    },
    { timeout: 20_000 },
  )
  listener.close()
  await receiver.close()
})
