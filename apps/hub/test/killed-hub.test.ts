import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRestCaller, startHub, startTestHub, type TestHub } from './kit/hub.ts'
import { sharePort, type SharedPort } from './kit/share.ts'

interface Created {
  readonly share: { readonly id: string }
}

// Guarantee (REL-03): what the hub acknowledged survives `kill -9` under load, and the agent comes back by itself to the
// same link.
describe('a hub that is killed under load', () => {
  let hub: TestHub
  let shared: SharedPort
  let app: Server

  beforeAll(async () => {
    app = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startTestHub({ API_REQUESTS_PER_MIN: '1000000', SHARE_REQUESTS_PER_MIN: '1000000' })
    shared = await sharePort(hub, (app.address() as AddressInfo).port, ['--host', '127.0.0.1'])
  }, 120_000)

  afterAll(async () => {
    await shared?.stop()
    await hub?.remove()
    app?.close()
  })

  it('has every acknowledged share and revoke, and serves the same link', { timeout: 120_000 }, async () => {
    const services = await hub.api<ReadonlyArray<{ id: string }>>('GET', '/v1/services')
    const serviceId = services.body[0]?.id ?? ''
    const acknowledged = { created: [] as string[], revoked: [] as string[] }
    const killed = new AbortController()

    const createAndRevoke = async () => {
      while (!killed.signal.aborted) {
        const created = await hub.api<Created>('POST', `/v1/services/${serviceId}/shares`, { name: 'load' })
        if (created.status !== 201) continue
        acknowledged.created.push(created.body.share.id)
        if (acknowledged.created.length % 2 === 0) continue
        const revoked = await hub.api('DELETE', `/v1/shares/${created.body.share.id}`)
        if (revoked.status === 200) acknowledged.revoked.push(created.body.share.id)
      }
    }
    const visit = async () => {
      while (!killed.signal.aborted) await (await fetch(`${shared.share.shareUrl}/`)).text()
    }
    const load = [createAndRevoke(), createAndRevoke(), visit(), visit()].map(async (work) =>
      work.catch((error: unknown) => {
        if (!killed.signal.aborted) throw error
      }),
    )
    await vi.waitFor(() => expect(acknowledged.created.length).toBeGreaterThan(100), { timeout: 30_000 })
    killed.abort()
    await hub.program.stop('SIGKILL')
    await Promise.all(load)

    const again = await startHub(hub.dataDir, { ...hub.settings, PORT: String(hub.port) })
    try {
      const api = createRestCaller(again.url, hub.apiKey)
      const readShare = async (id: string) => api<{ isActive: boolean }>('GET', `/v1/shares/${id}`)
      for (const id of acknowledged.created) expect((await readShare(id)).status).toBe(200)
      for (const id of acknowledged.revoked) expect((await readShare(id)).body.isActive).toBe(false)
      await vi.waitFor(
        async () => {
          const answer = await fetch(`${shared.share.shareUrl}/`)
          expect([answer.status, await answer.text()]).toEqual([200, 'hello'])
        },
        { timeout: 60_000, interval: 200 },
      )
    } finally {
      await again.program.stop()
    }
  })
})
