import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHub, startTestHub, type Hub, type TestHub } from './kit/hub.ts'
import type { CreatedShare } from './kit/share.ts'

const killPoints = 10
/** The promise is 250 ms; the rest is for a machine that does other things too. */
const lostMsMax = 1000

// Guarantee (SPEC §8): `kill -9` at any point loses at most the last moment of the access log: a tail, never a gap, and no
// request twice; the count of accesses is that of the entries.
describe('the access log of a hub that is killed', () => {
  let hub: TestHub
  let running: Hub
  let app: Server
  let share: CreatedShare

  beforeAll(async () => {
    app = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1')
    await once(app, 'listening')
    const limits = { API_REQUESTS_PER_MIN: '1000000', SHARE_REQUESTS_PER_MIN: '1000000' }
    hub = await startTestHub({ ...limits, LOG_LEVEL: 'error' })
    running = hub
    const targetPort = (app.address() as AddressInfo).port
    const target = { name: 'app', targetHost: '127.0.0.1', targetPort, protocol: 'http' }
    const made = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
    const path = `/v1/services/${made.body.service.id}/shares`
    ;({ share } = (await hub.api<{ share: CreatedShare }>('POST', path, { name: 'load' })).body)
  }, 120_000)

  afterAll(async () => {
    await running?.program.stop()
    await hub?.remove()
    app?.close()
  })

  /** Asks until the hub is gone; the times at which answers were complete, by path. */
  async function visitUntilKilled(round: number): Promise<Map<string, number>> {
    const answered = new Map<string, number>()
    for (let count = 0; ; count += 1) {
      const path = `/${round}/${count}`
      try {
        await (await fetch(`${running.url}/shared/${share.token}${path}`)).text()
      } catch {
        return answered
      }
      answered.set(path, performance.now())
    }
  }

  async function readLogged(): Promise<string[]> {
    const answer = await fetch(`${running.url}/v1/shares/${share.id}/logs/export`, {
      headers: { 'x-api-key': hub.apiKey },
    })
    const lines = (await answer.text()).trimEnd().split('\n')
    return lines.map((line) => (JSON.parse(line) as { path: string }).path)
  }

  it('has all but a tail of a moment, whenever that was', { timeout: 300_000 }, async () => {
    for (let round = 0; round < killPoints; round += 1) {
      const visits = visitUntilKilled(round)
      await wait(1200 + Math.random() * 400)
      const killedMs = performance.now()
      await running.program.stop('SIGKILL')
      const answered = await visits
      running = await startHub(hub.dataDir, { ...hub.settings, PORT: String(hub.port) })
      const logged = await readLogged()
      expect(new Set(logged).size).toBe(logged.length)
      const present = new Set(logged)
      const lost = [...answered].filter(([path]) => !present.has(path))
      // One after the other: whatever is lost comes after all that is there.
      expect([...answered.keys()].slice(0, answered.size - lost.length)).toEqual(
        [...answered.keys()].filter((path) => present.has(path)),
      )
      expect(killedMs - Math.min(killedMs, ...lost.map(([, ms]) => ms))).toBeLessThan(lostMsMax)
      expect(answered.size - lost.length).toBeGreaterThan(10)
      const headers = { 'x-api-key': hub.apiKey }
      const found = await fetch(`${running.url}/v1/shares/${share.id}`, { headers })
      expect(await found.json()).toMatchObject({ accessCount: logged.length })
    }
  })
})
