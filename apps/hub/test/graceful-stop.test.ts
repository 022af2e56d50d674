import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRestCaller, startHub, startTestHub, type TestHub } from './kit/hub.ts'
import { sharePort, type SharedPort } from './kit/share.ts'

interface Logs {
  readonly logs: ReadonlyArray<{ path: string; statusCode: number }>
}

// Guarantee (REL-02, OPS-01): SIGTERM lets running requests finish, loses no access record, and ends with code 0.
describe('a hub that is told to stop', () => {
  let hub: TestHub
  let shared: SharedPort
  let app: Server
  const waiting: ServerResponse[] = []

  beforeAll(async () => {
    app = createServer((req, res) => {
      if (req.url === '/slow') waiting.push(res.writeHead(200) && res)
      else res.end('quick')
    }).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startTestHub()
    shared = await sharePort(hub, (app.address() as AddressInfo).port, ['--host', '127.0.0.1', '--keep'])
  })

  afterAll(async () => {
    await shared?.stop()
    await hub?.remove()
    app?.close()
  })

  it('finishes what runs, refuses what is new, and writes every record', async () => {
    for (let count = 0; count < 20; count += 1)
      await (await fetch(`${shared.share.shareUrl}/quick/${count}`)).text()
    const slow = fetch(`${shared.share.shareUrl}/slow`)
    await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 10_000 })
    const stopped = hub.program.stop('SIGTERM')
    await vi.waitFor(async () => expect(fetch(`${hub.url}/livez`)).rejects.toThrow('fetch failed'), {
      timeout: 10_000,
    })
    waiting[0]?.end('finished')
    expect(await (await slow).text()).toBe('finished')
    expect(await stopped).toBe(0)

    const again = await startHub(hub.dataDir)
    const api = createRestCaller(again.url, hub.apiKey)
    const { body } = await api<Logs>('GET', `/v1/shares/${shared.share.id}/logs?limit=100`)
    expect(body.logs.map(({ path }) => path).sort()).toEqual(
      ['/slow', ...Array.from({ length: 20 }, (_, count) => `/quick/${count}`)].sort(),
    )
    expect(await again.program.stop()).toBe(0)
  })
})
