import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { insertAccessLogs, type Db } from '@private-connect/db'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import type { CreatedShare } from './kit/share.ts'
import { createOwner, openHubDb } from './kit/tenants.ts'

interface Entry {
  readonly path: string
  readonly statusCode: number
  readonly denied: string | null
  readonly visitorId: string
  readonly suppressedCount: number
}

// Guarantee (SPEC §8, LOG-04): what visitors do is in the log and in the share's counts within a second, a flood of refused
// requests costs it a few rows, and it can be downloaded by key and by session for as long as they are valid.
describe('the access log of a hub', () => {
  let hub: TestHub
  let db: Db
  let app: Server
  let serviceId: string

  beforeAll(async () => {
    app = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startTestHub({ LOG_LEVEL: 'error' })
    db = await openHubDb(hub)
    const targetPort = (app.address() as AddressInfo).port
    const target = { name: 'app', targetHost: '127.0.0.1', targetPort, protocol: 'http' }
    const made = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
    serviceId = made.body.service.id
  }, 120_000)
  afterAll(async () => {
    await db?.close()
    await hub?.remove()
    app?.close()
  })

  const createShare = async (rules: object = {}) => {
    const body = { name: 'demo', ...rules }
    const path = `/v1/services/${serviceId}/shares`
    return (await hub.api<{ share: CreatedShare }>('POST', path, body)).body.share
  }
  const visit = async ({ token }: CreatedShare, path: string) =>
    (await fetch(`${hub.url}/shared/${token}${path}`, { headers: { 'user-agent': 'test' } })).status
  const readLog = async ({ id }: CreatedShare, query = '') =>
    (await hub.api<{ logs: Entry[] }>('GET', `/v1/shares/${id}/logs?limit=100${query}`)).body.logs

  it('follows the visitors, and so do the counts of the share', async () => {
    const share = await createShare({ allowedPaths: ['/ok/*'] })
    for (const path of ['/ok/1?secret=canary', '/no', '/ok/2']) await visit(share, path)
    await vi.waitFor(
      async () => {
        const { body } = await hub.api<{ accessCount: number }>('GET', `/v1/shares/${share.id}`)
        expect(body.accessCount).toBe(2)
      },
      { timeout: 10_000 },
    )
    const entries = await readLog(share)
    expect(entries.map(({ path, denied }) => [path, denied])).toEqual([
      ['/ok/2', null],
      ['/no', 'share.path_not_allowed'],
      ['/ok/1', null],
    ])
    expect(new Set(entries.map(({ visitorId }) => visitorId)).size).toBe(1)
    expect(entries[0]?.visitorId).toMatch(/^visitor_[0-9a-f]{24}$/)
    expect((await readLog(share, '&denied=true&status=4xx&path=/n*')).map(({ path }) => path)).toEqual([
      '/no',
    ])
    expect(await readLog(share, `&visitor=${entries[0]?.visitorId ?? ''}`)).toHaveLength(3)
  })

  it('counts a flood of refused requests in a row or two', async () => {
    const share = await createShare({ rateLimitPerMin: 1 })
    for (let count = 0; count < 300; count += 1) await visit(share, '/')
    await vi.waitFor(
      async () => {
        const { rows } = await db.pool.query<{ rows: number; requests: number }>(
          `SELECT count(*)::int AS rows, sum(1 + suppressed_count)::int AS requests
           FROM access_logs WHERE share_id = $1 AND denied IS NOT NULL`,
          [share.id],
        )
        expect(rows[0]?.requests).toBe(299)
        expect(rows[0]?.rows).toBeLessThan(130)
      },
      { timeout: 30_000, interval: 200 },
    )
    const metrics = await (await fetch(`${hub.url}/metrics`)).text()
    expect(metrics).toMatch(/^private_connect_access_records_suppressed [1-9]\d+$/m)
    expect(metrics).toMatch(/^private_connect_access_records_dropped 0$/m)
  })

  describe('downloaded', () => {
    const entriesCount = 60_000
    let cookie: string
    let workspaceId: string
    let share: CreatedShare

    beforeAll(async () => {
      const owner = await createOwner(db, 'owner@example.com', 'acme-corp')
      ;({ cookie } = owner)
      const row = await db.client.share.findFirstOrThrow({ select: { workspaceId: true } })
      ;({ workspaceId } = row)
      share = await createShare()
      const record = {
        workspaceId,
        shareId: share.id,
        ipAddress: '203.0.113.1',
        method: 'GET',
        statusCode: 200,
      }
      const rest = { userAgent: 'x'.repeat(300), latencyMs: 1, bytesIn: 0, bytesOut: 0, denied: null }
      for (let from = 0; from < entriesCount; from += 5000) {
        await insertAccessLogs(
          db,
          Array.from({ length: 5000 }, (_, at) => {
            const timestampMs = Date.now() - from - at
            return { ...record, ...rest, path: `/${from + at}`, timestampMs }
          }),
        )
      }
    }, 60_000)

    const download = async (headers: Record<string, string>, query = '') => {
      const sent = request(`${hub.url}/v1/shares/${share.id}/logs/export${query}`, { headers, agent: false })
      sent.end()
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      return answer
    }

    it('is whole, as NDJSON and as CSV, and another workspace’s is none', async () => {
      const answer = await download({ 'x-api-key': hub.apiKey })
      let lines = 0
      for await (const piece of answer) lines += String(piece).split('\n').length - 1
      expect([lines, answer.statusCode, answer.complete]).toEqual([entriesCount, 200, true])
      const csv = await download({ 'x-api-key': hub.apiKey }, '?format=csv&path=/1234')
      expect(csv.headers['content-type']).toMatch(/^text\/csv/)
      expect(csv.headers['content-disposition']).toBe(`attachment; filename="${share.id}-access-log.csv"`)
      let text = ''
      for await (const piece of csv) text += String(piece)
      expect(text.trimEnd().split('\r\n')).toHaveLength(12)
      expect((await download({ cookie })).resume().statusCode).toBe(404)
      expect((await download({})).resume().statusCode).toBe(401)
    })

    it('ends unfinished where the key is revoked while its reader stands still', async () => {
      const { body } = await hub.api<{ id: string }>('GET', `/v1/shares/${share.id}`)
      expect(body.id).toBe(share.id)
      const answer = await download({ 'x-api-key': hub.apiKey })
      answer.pause()
      await db.client.apiKey.updateMany({ where: { workspaceId }, data: { revokedAt: new Date() } })
      let bytes = 0
      await expect(
        (async () => {
          for await (const piece of answer) bytes += (piece as Buffer).length
        })(),
      ).rejects.toThrow('aborted')
      expect(answer.complete).toBe(false)
      expect(bytes).toBeLessThan(entriesCount * 400)
    })
  })
})
