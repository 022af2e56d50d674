// Guarantee (SPEC §7): whoever owns a database share reads what its visitors asked, newest first, page by page,
// from the moment before a query runs; nobody else does, and every outcome is told with what belongs to it.
import { beginQueryAudit, completeQueryAudit, type QueryAuditEnding } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { readQueryInput } from '../src/index.ts'
import { toApiError } from '../src/errors/to-api-error.ts'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

interface QueryRecord {
  readonly id: string
  readonly query: string
  readonly outcome: string
}

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant

beforeEach(async () => {
  ;[owner, stranger] = [await createTenant(api), await createTenant(api)]
})

const ask = (query: string, { workspaceId, shareId, serviceId }: Tenant = owner) =>
  beginQueryAudit(api.db, {
    workspaceId,
    shareId,
    serviceId,
    linkId: null,
    visitorId: 'visitor-1',
    ipAddress: '203.0.113.42',
    userAgent: 'psql',
    query,
  })
const end = (id: string, ending: Partial<QueryAuditEnding>) =>
  completeQueryAudit(api.db, {
    id,
    share: { workspaceId: owner.workspaceId, id: owner.shareId, name: 'demo' },
    ipAddress: '203.0.113.42',
    outcome: 'ok',
    rowCount: null,
    durationMs: 7,
    errorMessage: null,
    ...ending,
  })
const list = (input: object = {}, caller: Caller = owner.key) =>
  api.call(caller, 'shares.queries', { id: owner.shareId, ...input })
const queriesOf = async (input: object = {}) =>
  ((await list(input)).body as { queries: QueryRecord[] }).queries

describe('a query', () => {
  it('is there while it runs, with who asked it from where', async () => {
    const id = await ask('SELECT 1')
    expect(await queriesOf()).toEqual([
      {
        id,
        shareId: owner.shareId,
        visitorId: 'visitor-1',
        actorId: null,
        ipAddress: '203.0.113.42',
        userAgent: 'psql',
        query: 'SELECT 1',
        outcome: 'running',
        rowCount: null,
        durationMs: null,
        errorMessage: null,
        startedAt: expect.stringMatching(/Z$/),
        completedAt: null,
      },
    ])
  })

  it.each<QueryAuditEnding>([
    { outcome: 'ok', rowCount: 3, durationMs: 12, errorMessage: null },
    { outcome: 'refused', rowCount: null, durationMs: 0, errorMessage: 'This share only reads.' },
    { outcome: 'failed', rowCount: null, durationMs: 5, errorMessage: 'column "x" does not exist' },
    { outcome: 'timed_out', rowCount: null, durationMs: 30_000, errorMessage: null },
    { outcome: 'cancelled', rowCount: null, durationMs: 9, errorMessage: null },
  ])('that ended tells how: %j', async (ending) => {
    await end(await ask('SELECT x FROM t'), ending)
    expect(await queriesOf()).toMatchObject([{ ...ending, completedAt: expect.stringMatching(/Z$/) }])
  })

  it('ends once: what comes later changes nothing', async () => {
    const id = await ask('SELECT 1')
    await end(id, { outcome: 'cancelled' })
    await end(id, { outcome: 'ok', rowCount: 5 })
    expect(await queriesOf()).toMatchObject([{ id, outcome: 'cancelled', rowCount: null }])
  })

  it('is told as it was written, whatever characters it has', async () => {
    const query = `SELECT '<script>', "ü😀", E'\\n'\n-- done\t;`
    await ask(query)
    expect((await queriesOf())[0]?.query).toBe(query)
  })
})

describe('the list', () => {
  async function walk(): Promise<string[]> {
    const seen: string[] = []
    for (let input: object | null = { limit: 2 }; input !== null;) {
      const { body, headers } = await list(input)
      seen.push(...(body as { queries: QueryRecord[] }).queries.map(({ id }) => id))
      const cursor = /cursor=([^&>]+)/.exec(String(headers['link']))?.[1]
      input = cursor === undefined ? null : { limit: 2, cursor }
    }
    return seen
  }

  it('is newest first, page by page, each once', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) ids.push(await ask(`SELECT ${count}`))
    expect(await walk()).toEqual(ids.toReversed())
  })

  it('is so where a node whose clock is wrong wrote some of it, several within one millisecond', async () => {
    const ids: string[] = []
    for (let count = 0; count < 7; count += 1) ids.push(await ask(`SELECT ${count}`))
    // Of two nodes in turn, the second of which is behind: ids by their clocks, times by the database's.
    const [a, b, c, d, e, f, g] = ids as [string, string, string, string, string, string, string]
    const asked = [[e], [a, f], [b], [g], [c, d]]
    for (const [index, together] of asked.entries()) {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + index)
      await api.db.client.queryAudit.updateMany({ where: { id: { in: together } }, data: { startedAt } })
    }
    expect(await walk()).toEqual(asked.flat().toReversed())
  })

  it('has one share’s queries and no other’s', async () => {
    const other = await api.call(owner.key, 'shares.create', { serviceId: owner.serviceId, name: 'other' })
    const { share } = other.body as { share: { id: string } }
    await ask('SELECT mine')
    await ask('SELECT other', { ...owner, shareId: share.id })
    await ask('SELECT theirs', stranger)
    expect((await queriesOf()).map(({ query }) => query)).toEqual(['SELECT mine'])
    expect((await queriesOf({ id: share.id })).map(({ query }) => query)).toEqual(['SELECT other'])
  })

  it('is its owner’s alone', async () => {
    await ask('SELECT canary')
    const answers = [await list({}, stranger.key), await list({ id: 'share_unknown' })]
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([404, { code: 'share.not_found' }])
      expect(JSON.stringify(body)).not.toContain('canary')
    }
    expect((await list({}, anonymous)).status).toBe(401)
    expect((await list({}, { 'x-share-token': owner.shareToken })).status).toBe(401)
  })

  it('stays when the share is revoked', async () => {
    await ask('SELECT 1')
    await api.call(owner.key, 'shares.revoke', { id: owner.shareId })
    expect(await queriesOf()).toHaveLength(1)
  })

  it('tells the workspace’s stream of each end, and shows no word of the query there', async () => {
    const id = await ask('SELECT canary')
    await end(id, { outcome: 'failed', errorMessage: 'canary is no column' })
    const { body } = await api.call(owner.key, 'events.list', {})
    const { events } = body as { events: { type: string; data: object }[] }
    expect(events.filter(({ type }) => type === 'share.query')).toMatchObject([
      { data: { queryId: id, shareId: owner.shareId, outcome: 'failed' } },
    ])
    expect(JSON.stringify(body)).not.toContain('canary')
  })
})

describe('what a visitor may ask', () => {
  it('is one text, with values for its placeholders', () => {
    expect(readQueryInput({ query: 'SELECT 1' })).toEqual({ query: 'SELECT 1', params: [] })
    const params = ['a', 1.5, true, null]
    expect(readQueryInput({ query: 'x'.repeat(10_000), params })).toMatchObject({ params })
  })

  it.each<[string, unknown]>([
    ['', null],
    ['', 'SELECT 1'],
    ['query', {}],
    ['query', { query: '' }],
    ['query', { query: 'x'.repeat(10_001) }],
    ['query', { query: 'a\0b' }],
    ['query', { query: '\ud800' }],
    ['params', { query: 'x', params: {} }],
    ['params', { query: 'x', params: Array(101).fill(1) }],
    ['params.0', { query: 'x', params: [{ $gt: '' }] }],
    ['params.1', { query: 'x', params: [1, [2]] }],
    ['timeout', { query: 'x', timeout: 5 }],
  ])('is refused by the name %j otherwise', (path, body) => {
    const refusal = ((): unknown => {
      try {
        return readQueryInput(body)
      } catch (error) {
        return error
      }
    })()
    expect(toApiError(refusal)).toMatchObject({ code: 'request.invalid', issues: [{ path }] })
  })
})
