// Guarantee (SPEC §13, promise 4): a hub that is killed at any moment loses no event that a webhook wants; what it sends
// twice has the same id.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createRestCaller, startHub, startTestHub, type Hub, type TestHub } from './kit/hub.ts'
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts'
import { killDeadlineMs, killPoints } from './kit/kill-points.ts'

let hub: TestHub
let receiver: WebhookReceiver
let serviceId: string

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  hub = await startTestHub({ API_REQUESTS_PER_MIN: '1000000', LOG_LEVEL: 'error' })
  await hub.api('POST', '/v1/webhooks', { url: receiver.url, events: ['share.created'] })
  const target = { name: 'app', targetHost: '127.0.0.1', targetPort: 9 }
  serviceId = (await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', target)).body
    .service.id
}, 120_000)
afterAll(async () => {
  await hub.remove()
  await receiver.close()
})

/** Creates shares until the hub is gone; answers the ids of those that were acknowledged. */
async function createUntilKilled(
  running: Pick<Hub, 'url' | 'program'>,
  killAfterMs: number,
): Promise<string[]> {
  const api = createRestCaller(running.url, hub.apiKey)
  const acknowledged: string[] = []
  const create = async () => {
    for (;;) {
      const path = `/v1/services/${serviceId}/shares`
      const { status, body } = await api<{ share: { id: string } }>('POST', path, { name: 'load' })
      if (status === 201) acknowledged.push(body.share.id)
    }
  }
  const load = [create(), create(), create()].map(async (work) => work.catch(() => undefined))
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(0), { timeout: 30_000, interval: 5 })
  await new Promise((resolve) => setTimeout(resolve, killAfterMs))
  await running.program.stop('SIGKILL')
  await Promise.all(load)
  return acknowledged
}

it(
  `loses nothing at ${killPoints} random points, and repeats only with the same id`,
  { timeout: killDeadlineMs },
  async () => {
    const settings = { ...hub.settings, PORT: String(hub.port) }
    const acknowledged: string[] = []
    let running: Pick<Hub, 'url' | 'program'> = hub
    for (let round = 0; round < killPoints; round += 1) {
      acknowledged.push(...(await createUntilKilled(running, Math.random() * 400)))
      running = await startHub(hub.dataDir, settings)
    }
    const readShares = () =>
      new Set(
        receiver.received.map(({ body }) => (JSON.parse(body) as { data: { shareId: string } }).data.shareId),
      )
    try {
      // What was being sent when its hub died is sent again when its lease has run out.
      await vi.waitFor(
        () => {
          const told = readShares()
          expect(acknowledged.filter((id) => !told.has(id))).toEqual([])
        },
        { timeout: 120_000, interval: 500 },
      )
      const idsOfShare = new Map<string, Set<string>>()
      for (const { id, body } of receiver.received) {
        const { data } = JSON.parse(body) as { data: { shareId: string } }
        idsOfShare.set(data.shareId, (idsOfShare.get(data.shareId) ?? new Set()).add(id))
      }
      expect([...idsOfShare.values()].filter((ids) => ids.size !== 1)).toEqual([])
      expect(acknowledged.length).toBeGreaterThan(killPoints)
    } finally {
      await running.program.stop()
    }
  },
)
