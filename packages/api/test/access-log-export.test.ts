// Guarantee (SPEC §8): the access log leaves whole, as NDJSON or CSV that no spreadsheet runs, in flat memory and at the
// reader's pace, and stops where the credential ends.
import { insertAccessLogs, revokeApiKey } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import superjson from 'superjson'
import { beforeEach, describe, expect, it } from 'vitest'
import { appRouter, issueApiKey } from '../src/index.ts'
import { createTestApi, findOperation, type Caller } from './kit/test-api.ts'
import { createTenant, visitTo, type Tenant, type Visit } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
})

async function write(visits: readonly Omit<Visit, 'workspaceId' | 'shareId'>[]): Promise<void> {
  const { workspaceId, shareId } = owner
  await insertAccessLogs(
    api.db,
    visits.map((visit) => visitTo({ ...visit, workspaceId, shareId })),
  )
}

const open = (caller: Caller, query: Record<string, string>) =>
  findOperation('shares.exportLogs').invoke(api.contextOf(caller), {
    params: { id: owner.shareId },
    query,
    body: undefined,
  })

describe('an export', () => {
  it('has every entry that passes the filter once, newest first, over many pages', async () => {
    const newestMs = Date.now() - 60_000
    // 40 rows share each millisecond, so that pages end in the middle of one.
    await write(
      Array.from({ length: 2_500 }, (_, at) => ({
        path: `/${at}`,
        timestampMs: newestMs - Math.floor(at / 40),
        statusCode: at % 5 === 0 ? 404 : 200,
      })),
    )
    const text = (await api.call(owner.key, 'shares.exportLogs', { id: owner.shareId, path: '/' })).body
    const entries = String(text)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; timestamp: string })
    expect(entries).toHaveLength(2_501)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2_501)
    const times = entries.map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted().toReversed())
    const narrowed = await api.call(owner.session, 'shares.exportLogs', { id: owner.shareId, status: '404' })
    expect(String(narrowed.body).trimEnd().split('\n')).toHaveLength(500)
  })

  it('has the very entries that the list shows', async () => {
    const { body } = await api.call(owner.key, 'shares.logs', { id: owner.shareId })
    const exported = await api.call(owner.key, 'shares.exportLogs', { id: owner.shareId })
    expect(JSON.parse(String(exported.body))).toEqual((body as { logs: unknown[] }).logs[0])
    expect(exported.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': `attachment; filename="${owner.shareId}-access-log.ndjson"`,
    })
  })

  it('as CSV is quoted as RFC 4180 says, and runs in no spreadsheet', async () => {
    const dangerous = ['=1+1', '+1', '-1', '@SUM(1)', '\t=1', ' =1', '＝1', '|x', '%0']
    const texts = [...dangerous, 'a,"b"', 'two\r\nlines', 'plain']
    await write(texts.map((userAgent, at) => ({ path: '/csv', userAgent, timestampMs: 1e12 - at })))
    const { body, headers } = await api.call(owner.key, 'shares.exportLogs', {
      id: owner.shareId,
      path: '/csv',
      format: 'csv',
    })
    expect(headers['content-type']).toMatch(/^text\/csv/)
    const [header = [], ...rows] = parseCsv(String(body))
    expect(header.slice(0, 5)).toEqual(['id', 'shareId', 'timestamp', 'ipAddress', 'userAgent'])
    expect(rows.map((row) => row[4])).toEqual([
      ...dangerous.map((text) => `'${text}`),
      'a,"b"',
      'two\r\nlines',
      'plain',
    ])
    for (const row of rows) expect(row).toHaveLength(header.length)
  })

  it('without entries is empty, or a header alone', async () => {
    const nothing = { id: owner.shareId, path: '/none' }
    expect((await api.call(owner.key, 'shares.exportLogs', nothing)).body).toBe('')
    expect((await api.call(owner.key, 'shares.exportLogs', { ...nothing, format: 'csv' })).body).toMatch(
      /^id,[\w,]+\r\n$/,
    )
  })

  it('over tRPC comes to clients that stream, and is refused to those that cannot', async () => {
    await write(Array.from({ length: 1_500 }, (_, at) => ({ path: `/${at}`, timestampMs: 1e12 + at })))
    const input = JSON.stringify({ 0: superjson.serialize({ id: owner.shareId }) })
    const ask = (headers: Record<string, string>) =>
      fetchRequestHandler({
        endpoint: '/trpc',
        router: appRouter,
        req: new Request(
          `http://localhost/trpc/shares.exportLogs?batch=1&input=${encodeURIComponent(input)}`,
          { headers },
        ),
        createContext: () => api.contextOf(owner.key),
      })
    const streamed = await ask({ 'trpc-accept': 'application/jsonl' })
    expect([streamed.status, (await streamed.text()).match(/latencyMs/g)?.length]).toEqual([200, 1_501])
    const whole = await ask({})
    expect([whole.status, await whole.text()]).toEqual([415, expect.not.stringContaining('latencyMs')])
  })

  it('reads on only when the reader takes, and ends where its key is revoked', async () => {
    await write(Array.from({ length: 3_000 }, (_, at) => ({ path: `/${at}`, timestampMs: 1e12 + at })))
    const { workspaceId } = owner
    const { key, row } = await issueApiKey(api.db, { workspaceId, name: 'x', createdByUserId: null })
    const answer = await open({ 'x-api-key': key }, {})
    const pieces = (answer.body as AsyncIterable<string>)[Symbol.asyncIterator]()
    expect(String((await pieces.next()).value).split('\n')).toHaveLength(1_001)
    await revokeApiKey(api.db, { workspaceId, apiKeyId: row.id })
    await expect(pieces.next()).rejects.toMatchObject({ code: 'auth.invalid' })
    expect(await pieces.next()).toMatchObject({ done: true })
  })

  it('ends where its session is ended', async () => {
    await write(Array.from({ length: 2_000 }, (_, at) => ({ path: `/${at}`, timestampMs: 1e12 + at })))
    const pieces = ((await open(owner.session, {})).body as AsyncIterable<string>)[Symbol.asyncIterator]()
    await pieces.next()
    await api.call(owner.session, 'auth.logout')
    await expect(pieces.next()).rejects.toMatchObject({ code: 'auth.invalid' })
  })

  it('is limited, and told so before anything is read', async () => {
    const ctx = api.contextOf(owner.key)
    const asked: string[] = []
    const machines = {
      ...ctx.ports.machines,
      countAttempt: (name: string) => {
        asked.push(name)
        throw new AppError('request.rate_limited')
      },
    }
    const limited = { ...ctx, ports: { ...ctx.ports, machines } }
    const operation = findOperation('shares.exportLogs')
    const { status } = await operation.invoke(limited, {
      params: { id: owner.shareId },
      query: {},
      body: undefined,
    })
    expect([status, asked]).toEqual([429, [`log export ${owner.workspaceId}`]])
  })

  it.each([{ format: 'xml' }, { format: '' }, { limit: '5' }, { cursor: 'x' }])(
    'refuses %j',
    async (query) => {
      expect((await open(owner.key, query)).status).toBe(400)
    },
  )
})

/** Rows of fields, as RFC 4180 reads them. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
