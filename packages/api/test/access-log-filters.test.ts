// Guarantee (SPEC §8): the access log is narrowed by time, status, address, path, method, refusal and visitor, over REST
// and tRPC alike, page by page; what is no filter is a 400 that names the field.
import { insertAccessLogs } from '@private-connect/db'
import { beforeAll, describe, expect, it } from 'vitest'
import { appRouter } from '../src/index.ts'
import { createTestApi, findOperation } from './kit/test-api.ts'
import { createTenant, visitTo } from './kit/tenant.ts'

const startMs = Date.UTC(2026, 2, 2, 10)
const api = await createTestApi()
const owner = await createTenant(api, 'owner')

beforeAll(async () => {
  const { workspaceId, shareId } = owner
  const ref = { workspaceId, shareId }
  await insertAccessLogs(api.db, [
    visitTo({ ...ref, path: '/a', timestampMs: startMs }),
    visitTo({ ...ref, path: '/api/1', timestampMs: startMs + 1000, method: 'POST', statusCode: 201 }),
    visitTo({ ...ref, path: '/api/2', timestampMs: startMs + 2000, statusCode: 404, visitorId: 'visitor_1' }),
    visitTo({
      ...ref,
      path: '/x.js',
      timestampMs: startMs + 3000,
      ipAddress: '198.51.100.7',
      statusCode: 500,
    }),
    visitTo({ ...ref, path: '/no', timestampMs: startMs + 4000, statusCode: 403, denied: 'share.inactive' }),
  ])
})

type Query = Record<string, string | readonly string[]>

async function ask(query: Query) {
  const answer = await findOperation('shares.logs').invoke(api.contextOf(owner.key), {
    params: { id: owner.shareId },
    query: { to: new Date(startMs + 10_000).toISOString(), ...query },
    body: undefined,
  })
  const { logs } = answer.body as { logs?: { path: string }[] }
  return { status: answer.status, paths: logs?.map(({ path }) => path), link: answer.headers['link'] }
}

const all = ['/no', '/x.js', '/api/2', '/api/1', '/a']

it.each<[Query, readonly string[]]>([
  [{}, all],
  [{ from: '2026-03-02T10:00:02Z' }, ['/no', '/x.js', '/api/2']],
  [{ to: '2026-03-02T11:00:02+01:00' }, ['/api/1', '/a']],
  [{ status: '404' }, ['/api/2']],
  [{ status: ['4xx', '500'] }, ['/no', '/x.js', '/api/2']],
  [{ ip: '198.51.100.0/24' }, ['/x.js']],
  [{ ip: '198.51.100.7' }, ['/x.js']],
  [{ ip: '2001:db8::/32' }, []],
  [{ path: '/api' }, ['/api/2', '/api/1']],
  [{ path: '*.js' }, ['/x.js']],
  [{ path: '/a*2' }, ['/api/2']],
  [{ path: '/%' }, []],
  [{ method: 'POST' }, ['/api/1']],
  [{ method: ['POST', 'GET'] }, all],
  [{ denied: 'true' }, ['/no']],
  [{ denied: 'false' }, all.slice(1)],
  [{ visitor: 'visitor_1' }, ['/api/2']],
  [{ visitor: 'visitor_2' }, []],
  [{ path: '/api', status: '2xx', method: 'POST' }, ['/api/1']],
])('%j', async (query, paths) => {
  expect(await ask(query)).toEqual({ status: 200, paths, link: undefined })
})

it('goes on with the same filter on the page that Link names', async () => {
  const first = await ask({ status: ['4xx', '5xx'], limit: '2' })
  expect(first.paths).toEqual(['/no', '/x.js'])
  const url = new URL(/^<([^>]+)>/.exec(String(first.link))?.[1] ?? '')
  const status = url.searchParams.getAll('status')
  expect(status).toEqual(['4xx', '5xx'])
  const cursor = url.searchParams.get('cursor') ?? ''
  expect((await ask({ status, limit: '2', cursor })).paths).toEqual(['/api/2'])
})

it('narrows what is polled with `after`', async () => {
  expect((await ask({ after: 'log_0', path: '/api' })).paths).toEqual(['/api/2', '/api/1'])
})

it('is the same over tRPC', async () => {
  const caller = appRouter.createCaller(api.contextOf(owner.key))
  const { items } = await caller.shares.logs({ id: owner.shareId, path: '/api', status: ['2xx'] })
  expect(items.map(({ path }) => path)).toEqual(['/api/1'])
})

describe('what is no filter', () => {
  it.each<[string, string]>([
    ['from', 'yesterday'],
    ['to', '2026-02-31T10:00:00Z'],
    ['status', '6xx'],
    ['status', '4'],
    ['status', '200,404'],
    ['ip', '203.0.113.0/33'],
    ['ip', '203.0.113.1/24'],
    ['ip', "1' OR '1'='1"],
    ['path', 'api'],
    ['path', '/\0'],
    ['path', '/a*b*c*d*e*f*g*h*i*j'],
    ['method', 'get'],
    ['denied', 'yes'],
    ['visitor', "visitor_'; --"],
  ])('%s=%j is a 400 that names it', async (name, value) => {
    const answer = await findOperation('shares.logs').invoke(api.contextOf(owner.key), {
      params: { id: owner.shareId },
      query: { [name]: value },
      body: undefined,
    })
    const { issues = [] } = answer.body as { issues?: { path: string }[] }
    expect([answer.status, issues[0]?.path.split('.')[0]]).toEqual([400, name])
  })
})
