// Guarantee (issue 5; DBQ-01, 02, 03, 06, 08, 10; SPEC §7): whoever has a database share's link can ask it in every form of
// the link, and only ask it; each question is recorded before it runs; what ends the share ends the query on the server.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { askShare, registerDatabase, send, shareDatabase, type DatabaseShare } from './kit/shared-database.ts'
import { adminPassword, startTargetDatabase, type TargetDatabase } from './kit/target-database.ts'

let target: TargetDatabase
let hub: InnerHub
let serviceId: string
let share: DatabaseShare

beforeAll(async () => {
  target = await startTargetDatabase()
  hub = await startInnerHub({ SHARE_QUERIES_PER_MIN: '200', API_REQUESTS_PER_MIN: '100000' })
  serviceId = await registerDatabase(hub, target)
  share = await shareDatabase(hub, serviceId)
}, 120_000)
afterAll(async () => {
  await hub?.remove()
  await target?.stop()
})

const ask = (query: unknown, params?: unknown[], token = share.token) =>
  askShare(hub.url, token, { query, ...(params === undefined ? {} : { params }) })
const queriesOf = async (id: string) =>
  (await hub.api<{ queries: Record<string, unknown>[] }>('GET', `/v1/shares/${id}/queries`)).body.queries

/** What runs on the target for the auditor. */
async function runningQueries(): Promise<number> {
  const text = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'auditor'"
  const { rows } = await target.admin.pool.query<{ n: number }>(text)
  return rows[0]?.n ?? -1
}

describe('a question', () => {
  it('is answered as documented', async () => {
    const { status, body, headers } = await ask('SELECT * FROM users ORDER BY id LIMIT 10')
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(body).toMatchObject({ columns: ['id', 'email', 'created_at'], rowCount: 10, truncated: false })
    expect((body['rows'] as object[])[0]).toEqual({
      id: '1',
      email: 'user1@example.com',
      created_at: '2026-03-01',
    })
    expect(body['durationMs']).toEqual(expect.any(Number))
  })

  it('has values for its placeholders', async () => {
    const { body } = await ask('SELECT email FROM users WHERE id = $1', [7])
    expect(body['rows']).toEqual([{ email: 'user7@example.com' }])
  })

  it('is taken in every form of the link', async () => {
    const { host } = new URL(share.subdomainUrl)
    const body = { query: 'SELECT 1 AS one' }
    const answers = [
      await send(`${hub.url}/api/shared/${share.token}/query`, { body }),
      await send(`${hub.url}/shared/${share.token}/query`, { body }),
      await send(`${hub.url}/query`, { body, headers: { host } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.map(({ body: answer }) => answer['rows'])).toEqual([
      [{ one: 1 }],
      [{ one: 1 }],
      [{ one: 1 }],
    ])
  })

  // DBQ-01
  it.each([
    ['10,000 characters', `SELECT 1 -- ${'x'.repeat(9_988)}`, 200],
    ['10,001 characters', `SELECT 1 -- ${'x'.repeat(9_989)}`, 400],
    ['a NUL', 'SELECT \0', 400],
    ['a lone surrogate', 'SELECT \ud800', 400],
    ['a byte order mark', '\uFEFFSELECT 1', 200],
    ['nothing', '', 400],
    ['no text', 7, 400],
  ])('of %s', async (_what, query, status) => {
    expect((await ask(query)).status).toBe(status)
  })

  it('is refused where a value would reach the database as another one', async () => {
    const query = 'SELECT $1::text AS v'
    const body = (value: string) => JSON.stringify({ query, params: [value] })
    const url = `${hub.url}/api/shared/${share.token}/query`
    expect((await send(url, { body: body('a\ud800') })).status).toBe(400)
    expect((await send(url, { body: body('😀') })).body['rows']).toEqual([{ v: '😀' }])
  })

  it('with a semicolon of another script is the database’s to refuse', async () => {
    expect(await ask('SELECT 1； DROP TABLE users')).toMatchObject({ status: 400 })
  })

  it.each([
    ['text/plain', '{"query":"SELECT 1"}', 415],
    ['application/json', '{"query":', 400],
    ['application/json', '{"query":"SELECT 1","x":1}', 400],
    ['application/json', '[]', 400],
    ['application/json', `{"query":"${'x'.repeat(300_000)}"}`, 413],
  ])('as %s %.30s', async (type, body, status) => {
    const url = `${hub.url}/api/shared/${share.token}/query`
    expect((await send(url, { body, headers: { 'content-type': type } })).status).toBe(status)
  })

  it('helps where it is wrong, and names no secret', async () => {
    const { status, body } = await ask('SELECT nothing FROM users')
    expect([status, body['code']]).toEqual([400, 'query.failed'])
    expect(body['query']).toMatchObject({ databaseCode: '42703', position: 8 })
    expect(JSON.stringify(body)).not.toMatch(/canary|127\.0\.0\.1|auditor/)
  })

  it('that writes is refused, and recorded as refused', async () => {
    expect(await ask("INSERT INTO notes (text) VALUES ('x')")).toMatchObject({
      status: 400,
      body: { code: 'query.refused' },
    })
    expect((await queriesOf(share.id))[0]).toMatchObject({ outcome: 'refused', rowCount: null })
    expect((await target.admin.pool.query('SELECT * FROM notes')).rows).toEqual([])
  })
})

describe('a share that may write', () => {
  it('does, unless its methods or its workspace take that back', async () => {
    const insert = "INSERT INTO notes (text) VALUES ('by link')"
    const writing = await shareDatabase(hub, serviceId, { allowWrites: true })
    expect((await ask(insert, undefined, writing.token)).body).toMatchObject({ rowCount: 1 })
    const getOnly = await shareDatabase(hub, serviceId, { allowWrites: true, allowedMethods: ['GET'] })
    expect((await ask(insert, undefined, getOnly.token)).body).toMatchObject({ code: 'query.refused' })
    await hub.api('PATCH', '/v1/workspace', { policy: { databasesReadOnly: true } })
    expect((await ask(insert, undefined, writing.token)).body).toMatchObject({ code: 'query.refused' })
    await hub.api('PATCH', '/v1/workspace', { policy: { databasesReadOnly: false } })
    expect((await target.admin.pool.query('SELECT text FROM notes')).rows).toEqual([{ text: 'by link' }])
  })
})

describe('what is seen afterwards', () => {
  it('is the query in the audit, and the request in the access log and the stats', async () => {
    const own = await shareDatabase(hub, serviceId)
    await ask('SELECT 1 AS a UNION SELECT 2', undefined, own.token)
    const [audit] = await queriesOf(own.id)
    expect(audit).toMatchObject({
      query: 'SELECT 1 AS a UNION SELECT 2',
      outcome: 'ok',
      rowCount: 2,
      ipAddress: '127.0.0.1',
    })
    expect(audit?.['completedAt']).toEqual(expect.any(String))
    await vi.waitFor(async () => {
      const { body } = await hub.api<{ logs: object[] }>('GET', `/v1/shares/${own.id}/logs`)
      expect(body.logs[0]).toMatchObject({ path: '/query', method: 'POST', statusCode: 200, denied: null })
    }, 10_000)
    const { body: stats } = await hub.api<{ topPaths: object[] }>('GET', `/v1/shares/${own.id}/stats`)
    expect(stats.topPaths).toEqual([{ path: '/query', requests: 1 }])
  })
})

describe('what ends a query on the server', () => {
  const endless = 'SELECT count(*) FROM generate_series(1, 1000000000000) n'

  const startEndless = (token: string, signal?: AbortSignal) =>
    askShare(hub.url, token, { query: endless, ...(signal === undefined ? {} : { signal }) }).catch(
      (error: unknown) => error,
    )
  const untilRuns = () => vi.waitFor(async () => expect(await runningQueries()).toBe(1), 10_000)
  const untilIdle = () =>
    vi.waitFor(async () => expect(await runningQueries()).toBe(0), { timeout: 10_000, interval: 20 })

  it('is the visitor who leaves', async () => {
    const leaving = new AbortController()
    const running = startEndless(share.token, leaving.signal)
    await untilRuns()
    leaving.abort()
    await untilIdle()
    await running
    await vi.waitFor(
      async () => expect((await queriesOf(share.id))[0]).toMatchObject({ outcome: 'cancelled' }),
      5_000,
    )
  })

  it.each([
    ['a revoke', (id: string) => hub.api('DELETE', `/v1/shares/${id}`)],
    [
      'a share that writes less',
      (id: string) => hub.api('PATCH', `/v1/shares/${id}`, { allowWrites: false }),
    ],
    [
      'an earlier end',
      (id: string) =>
        hub.api('PATCH', `/v1/shares/${id}`, { expiresAt: new Date(Date.now() + 500).toISOString() }),
    ],
  ])('is %s, within a second', async (_what, end) => {
    const own = await shareDatabase(hub, serviceId, { allowWrites: true })
    const running = startEndless(own.token)
    await untilRuns()
    const before = performance.now()
    await end(own.id)
    await untilIdle()
    expect(performance.now() - before).toBeLessThan(5_000)
    await running
    await vi.waitFor(
      async () => expect((await queriesOf(own.id))[0]).toMatchObject({ outcome: 'cancelled' }),
      5_000,
    )
  })
})

describe('what is not a question', () => {
  it('is answered by the hub, never forwarded', async () => {
    const { host } = new URL(share.subdomainUrl)
    const statuses = await Promise.all([
      send(`${hub.url}/api/shared/${share.token}/query`, { body: '', method: 'GET' }),
      send(`${hub.url}/api/shared/${share.token}/other`, { body: {} }),
      send(`${hub.url}/shared/${share.token}/other`, { body: {} }),
      send(`${hub.url}/other`, { body: {}, headers: { host } }),
      send(`${hub.url}/api/shared/share_tok_${'a'.repeat(26)}/query`, { body: {} }),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([405, 404, 404, 404, 404])
    expect(await runningQueries()).toBe(0)
  })

  it('is a share of no database', async () => {
    const web = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
      name: 'web',
      targetHost: '127.0.0.1',
      targetPort: 9,
      protocol: 'http',
    })
    const { token } = await shareDatabase(hub, web.body.service.id)
    expect(await askShare(hub.url, token, { query: 'SELECT 1' })).toMatchObject({
      status: 400,
      body: { code: 'query.no_database' },
    })
  })

  it('is a preflight, which any origin passes', async () => {
    const url = `${hub.url}/api/shared/${share.token}/query`
    const headers = {
      origin: 'null',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    const { status, headers: answered } = await send(url, { body: '', method: 'OPTIONS', headers })
    expect([status, answered['access-control-allow-origin']]).toEqual([204, '*'])
    const refused = await ask('DROP TABLE users')
    expect(refused.headers['access-control-allow-origin']).toBe('*')
  })

  it('is a link that ended', async () => {
    const own = await shareDatabase(hub, serviceId)
    await hub.api('DELETE', `/v1/shares/${own.id}`)
    expect(await ask('SELECT 1', undefined, own.token)).toMatchObject({
      status: 403,
      body: { code: 'share.inactive' },
    })
  })
})

describe('limits', () => {
  // DBQ-02; the hub of this file takes more, the share says less.
  it('are the share’s own where they are lower', async () => {
    const own = await shareDatabase(hub, serviceId, { rateLimitPerMin: 3 })
    const statuses = []
    for (let at = 0; at < 4; at += 1) statuses.push((await ask('SELECT 1', undefined, own.token)).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  // DBQ-03: the Vault rule.
  it('are never passed over: what cannot be recorded is not run', async () => {
    const { db } = hub.hub.store
    const writing = await shareDatabase(hub, serviceId, { allowWrites: true })
    await db.pool.query('ALTER TABLE query_audits RENAME TO query_audits_away')
    try {
      const answer = await ask("INSERT INTO notes (text) VALUES ('unrecorded')", undefined, writing.token)
      expect(answer).toMatchObject({ status: 503, body: { code: 'query.audit_unavailable' } })
    } finally {
      await db.pool.query('ALTER TABLE query_audits_away RENAME TO query_audits')
    }
    const { rows } = await target.admin.pool.query("SELECT * FROM notes WHERE text = 'unrecorded'")
    expect(rows).toEqual([])
  })
})

// DBQ-08
describe('a superuser’s login', () => {
  it('is refused when it is stored, and again when it has become one', async () => {
    const login = { username: 'admin', password: adminPassword, database: 'shop' }
    const path = `/v1/services/${serviceId}/credentials`
    expect(await hub.api('PUT', path, login)).toMatchObject({
      status: 403,
      body: { code: 'query.role_refused' },
    })
    expect((await ask('SELECT 1')).status).toBe(200)
    await target.admin.pool.query('ALTER ROLE auditor SUPERUSER')
    expect(await ask('SELECT 1')).toMatchObject({ status: 403, body: { code: 'query.role_refused' } })
    await target.admin.pool.query('ALTER ROLE auditor NOSUPERUSER')
    expect((await ask('SELECT 1')).status).toBe(200)
  })

  it('that is wrong is stored with a warning, and visitors learn nothing of it', async () => {
    const id = await registerDatabase(hub, { port: target.port })
    const wrong = { username: 'auditor', password: 'canary-wrong', database: 'shop' }
    const { body } = await hub.api<{ warning: string }>('PUT', `/v1/services/${id}/credentials`, wrong)
    expect(body.warning).toMatch(/could not be asked/)
    const answer = await ask('SELECT 1')
    expect(answer).toMatchObject({ status: 502, body: { code: 'query.unavailable' } })
    expect(JSON.stringify([body, answer.body])).not.toMatch(/canary|auditor/)
  })
})
