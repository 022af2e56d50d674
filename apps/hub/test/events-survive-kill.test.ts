import type { AppRouter } from '@private-connect/api'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import superjson from 'superjson'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startHub, startTestHub, type Hub, type TestHub } from './kit/hub.ts'
import { killDeadlineMs, killPoints } from './kit/kill-points.ts'

// Guarantee (WS-12, WHK-15): a client that stays on through `kill -9` of the hub, ten times at any point, is told of each
// change that was acknowledged, of each event once, and in order; no number is given twice.
describe('events of a hub that is killed', () => {
  let hub: TestHub
  let running: Hub
  let serviceId = ''

  beforeAll(async () => {
    hub = await startTestHub({ API_REQUESTS_PER_MIN: '1000000', LOG_LEVEL: 'error' })
    running = hub
    const target = { name: 'app', targetHost: '127.0.0.1', targetPort: 9, protocol: 'http' }
    const made = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
    serviceId = made.body.service.id
  }, 120_000)
  afterAll(async () => {
    await running?.program.stop()
    await hub?.remove()
  })

  /** Creates and revokes until the hub is gone; what was acknowledged is noted. */
  async function changeUntilKilled(acknowledged: string[]): Promise<void> {
    for (;;) {
      try {
        const made = await hub.api<{ share: { id: string } }>('POST', `/v1/services/${serviceId}/shares`, {
          name: 'short',
        })
        acknowledged.push(`share.created ${made.body.share.id}`)
        await hub.api('DELETE', `/v1/shares/${made.body.share.id}`)
        acknowledged.push(`share.revoked ${made.body.share.id}`)
      } catch {
        return
      }
    }
  }

  function follow(heard: { seq: number; what: string }[]) {
    const headers = { 'x-api-key': hub.apiKey }
    const socket = createWSClient({
      url: `${hub.url.replace('http', 'ws')}/trpc`,
      WebSocket: class extends WebSocket {
        constructor(url: string) {
          super(url, { headers })
          this.on('error', () => {})
        }
      } as unknown as typeof globalThis.WebSocket,
      retryDelayMs: () => 20,
    })
    const client = createTRPCClient<AppRouter>({
      links: [wsLink({ client: socket, transformer: superjson })],
    })
    client.events.stream.subscribe(
      { lastEventId: '0' },
      {
        onData: ({ data: { seq, type, data } }) =>
          heard.push({ seq, what: `${type} ${'shareId' in data ? data.shareId : ''}` }),
      },
    )
    return socket
  }

  it('are all told, once each, to a client that stays', { timeout: killDeadlineMs }, async () => {
    const acknowledged: string[] = []
    const heard: { seq: number; what: string }[] = []
    const socket = follow(heard)
    for (let round = 0; round < killPoints; round += 1) {
      const changing = changeUntilKilled(acknowledged)
      await wait(300 + Math.random() * 500)
      await running.program.stop('SIGKILL')
      await changing
      running = await startHub(hub.dataDir, { ...hub.settings, PORT: String(hub.port) })
    }
    const list = await hub.api<{ events: { seq: number }[] }>(
      'GET',
      `/v1/events?after=${heard.at(-1)?.seq ?? 0}`,
    )
    const head = list.body.events.at(-1)?.seq ?? heard.at(-1)?.seq ?? 0
    await vi.waitFor(() => expect(heard.at(-1)?.seq).toBeGreaterThanOrEqual(head), { timeout: 20_000 })
    expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, n) => n + 1))
    const told = heard.map(({ what }) => what)
    expect(new Set(told).size).toBe(told.length)
    expect(acknowledged.length).toBeGreaterThan(killPoints)
    expect(acknowledged.filter((what) => !told.includes(what))).toEqual([])
    await socket.close()
  })
})
