import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Db } from '@private-connect/db'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import type { CreatedShare } from './kit/share.ts'
import { openHubDb } from './kit/tenants.ts'

const canary = 'canary7f3a9c'

// Guarantee (LOG-02): what visitors send beside path, method and user agent — queries, Authorization, cookies, bodies,
// whatever else — is in no table, log line, metric or download, also where it is refused, fails or is malformed.
describe('what visitors send', () => {
  let hub: TestHub
  let db: Db
  let app: Server
  let open: CreatedShare
  let sent = 0

  beforeAll(async () => {
    app = createServer((req, res) => {
      req.resume()
      if (req.url?.startsWith('/dies') === true) req.socket.destroy()
      req.on('end', () => res.writeHead(200, { 'set-cookie': `app=${canary}` }).end(`body ${canary}`))
    }).listen(0, '127.0.0.1')
    await once(app, 'listening')
    hub = await startTestHub({ LOG_LEVEL: 'trace' })
    db = await openHubDb(hub)
    const shareOf = async (targetPort: number, rules: object) => {
      const target = { name: `app${targetPort}`, targetHost: '127.0.0.1', targetPort, protocol: 'http' }
      const made = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', target)
      const path = `/v1/services/${made.body.service.id}/shares`
      return (await hub.api<{ share: CreatedShare }>('POST', path, { name: 'demo', ...rules })).body.share
    }
    open = await shareOf((app.address() as AddressInfo).port, { rateLimitPerMin: 20 })
    const away = await shareOf(1, {})
    for (const { token } of [open, away]) {
      for (const path of ['/', '/dies', '/again', ...Array.from({ length: 12 }, () => '/many')]) {
        await sendSecrets(`/shared/${token}${path}`)
      }
    }
    await sendSecrets(`/shared/share_tok_${'z'.repeat(26)}/`)
    await sendRaw(`GET /shared/${open.token}/?q=${canary} HTTP/1.1\r\nHost: x\r\nHost: ${canary}\r\n\r\n`)
    await sendRaw(
      `GET /shared/${open.token}/%00?${canary} HTTP/1.1\r\nHost: x\r\nBad Header: ${canary}\r\n\r\n`,
    )
    const share = `GET /shared/${open.token}/?${canary} HTTP/1.1\r\nHost: x\r\n`
    await sendRaw(`${share}Connection: Upgrade\r\nUpgrade: websocket\r\nCookie: a=${canary}\r\n\r\n`)
  }, 120_000)
  afterAll(async () => {
    await db?.close()
    await hub?.remove()
    app?.close()
  })

  async function sendSecrets(path: string): Promise<void> {
    const headers = {
      authorization: `Bearer ${canary}`,
      cookie: `session=${canary}; a=${canary}`,
      referer: `${hub.url}/?${canary}`,
      origin: `https://${canary}.example`,
      'x-anything': canary,
      'content-type': 'application/json',
    }
    const url = `${hub.url}${path}?q=${canary}&token=${canary}#${canary}`
    await fetch(url, { method: 'POST', headers, body: JSON.stringify({ password: canary }) }).then(
      async (answer) => answer.text(),
      () => '',
    )
    sent += 1
  }

  async function sendRaw(text: string): Promise<void> {
    const socket = connect(hub.port, '127.0.0.1', () => socket.end(text))
    socket.resume()
    socket.on('error', () => {})
    await once(socket, 'close')
    sent += 1
  }

  it('is in no table', async () => {
    await vi.waitFor(async () => expect(await db.client.accessLog.count()).toBeGreaterThan(30), {
      timeout: 10_000,
    })
    const { rows: tables } = await db.pool.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    )
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await db.pool.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE '%${canary}%' LIMIT 1`)
      if (rows.length > 0) found.push(name)
    }
    expect(tables.length).toBeGreaterThan(15)
    expect(found).toEqual([])
  })

  it('is in no line of the log, no metric and no download', async () => {
    expect(sent).toBeGreaterThan(30)
    expect(hub.program.output.split('\n').filter((line) => line.startsWith('{')).length).toBeGreaterThan(0)
    expect(hub.program.output).not.toContain(canary)
    expect(await (await fetch(`${hub.url}/metrics`)).text()).not.toContain(canary)
    for (const format of ['ndjson', 'csv']) {
      const answer = await fetch(`${hub.url}/v1/shares/${open.id}/logs/export?format=${format}`, {
        headers: { 'x-api-key': hub.apiKey },
      })
      const text = await answer.text()
      expect(text).toContain('/dies')
      expect(text).not.toContain(canary)
    }
  })
})
