// Guarantee: every list is walked by its Link header, each entry once; a cursor that was altered, or comes from
// another list or workspace, is a 400 (SPEC §3, TEN-06, LOG-08).
import { beginQueryAudit, createSession, insertAccessLogs } from '@private-connect/db'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashToken, mintToken, restOperations } from '../src/index.ts'
import { createTestApi, hubUrl } from './kit/test-api.ts'
import { createTenant, visitTo, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'owner')
const stranger = await createTenant(api, 'stranger')

beforeAll(async () => {
  const { userId, workspaceId, shareId, serviceId } = owner
  const names = ['a', 'b', 'c', 'd']
  for (const name of names) {
    await api.call(owner.key, 'agents.register', { name })
    await api.call(owner.session, 'apiKeys.create', { name })
    await api.call(owner.key, 'services.registerExternal', {
      name,
      targetHost: 'example.com',
      targetPort: 80,
    })
    await api.call(owner.key, 'shares.create', { serviceId, name })
    await api.call(owner.key, 'webhooks.create', { url: `https://example.com/${name}` })
    await api.call(owner.key, 'webhooks.test', { id: owner.webhookId })
    const tokenHash = hashToken(mintToken('session'))
    const expiresAt = new Date(Date.now() + 3_600_000)
    const query = { workspaceId, shareId, serviceId, linkId: null, visitorId: null, userAgent: null }
    await beginQueryAudit(api.db, { ...query, ipAddress: '203.0.113.7', query: name })
    await createSession(api.db, { tokenHash, userId, workspaceId, kind: 'browser', expiresAt })
  }
  // Several in one millisecond: the id has to break the tie.
  const timestampMs = Date.now() + 1000
  await insertAccessLogs(
    api.db,
    names.map((name) => visitTo({ workspaceId, shareId, path: `/${name}`, timestampMs })),
  )
})

const lists = restOperations.filter(({ list }) => list !== undefined)
const inputOf = (id: string, { serviceId, shareId, webhookId }: Tenant): Record<string, unknown> =>
  ({
    'shares.listOfService': { serviceId },
    'shares.logs': { id: shareId },
    'webhooks.listDeliveries': { id: webhookId },
    'shares.queries': { id: shareId },
  })[id] ?? {}

function itemsOf(body: unknown): { id: string }[] {
  return (Array.isArray(body) ? body : Object.values(body as object).flat()) as { id: string }[]
}

/** What the next page's request carries, or null on the last page. */
function readNext(link: unknown): Record<string, string> | null {
  if (typeof link !== 'string') return null
  const url = /^<([^>]+)>; rel="next"$/.exec(link)?.[1] ?? ''
  expect(url.startsWith(`${hubUrl}/v1/`)).toBe(true)
  return Object.fromEntries(new URL(url).searchParams)
}

describe.each(lists.map(({ id }) => id))('%s', (id) => {
  it('is walked by its Link header', async () => {
    const whole = await api.call(owner.session, id, { ...inputOf(id, owner), limit: 100 })
    expect(whole.headers['link']).toBeUndefined()
    const seen: { id: string }[] = []
    let next: Record<string, unknown> | null = { limit: '2' }
    while (next !== null) {
      const page = await api.call(owner.session, id, { ...inputOf(id, owner), ...next })
      expect(page.status).toBe(200)
      expect(itemsOf(page.body).length).toBeLessThanOrEqual(2)
      seen.push(...itemsOf(page.body))
      next = readNext(page.headers['link'])
    }
    expect(seen.length).toBeGreaterThanOrEqual(4)
    expect(seen).toEqual(itemsOf(whole.body))
    expect(new Set(seen.map((item) => item.id)).size).toBe(seen.length)
  })

  it('refuses an altered cursor, another list’s, and another workspace’s', async () => {
    const other = id === 'shares.list' ? 'agents.list' : 'shares.list'
    const cursorOf = async (list: string) =>
      readNext(
        (await api.call(owner.session, list, { ...inputOf(list, owner), limit: 1 })).headers['link'],
      )?.['cursor'] ?? ''
    const cursor = await cursorOf(id)
    expect(cursor).not.toBe('')
    const attempts = [
      [owner, `${cursor}x`],
      [owner, cursor.slice(1)],
      [owner, await cursorOf(other)],
      [owner, 'eyJpZCI6MX0'],
      [stranger, cursor],
    ] as const
    for (const [tenant, tried] of attempts) {
      const { status, body } = await api.call(tenant.session, id, { ...inputOf(id, tenant), cursor: tried })
      expect([status, body]).toMatchObject([400, { issues: [{ path: 'cursor' }] }])
    }
  })

  it.each(['0', '101', '1e9', '-1', 'x', ''])('refuses the limit %j', async (limit) => {
    const { status, body } = await api.call(owner.session, id, { ...inputOf(id, owner), limit })
    expect([status, body]).toMatchObject([400, { issues: [{ path: 'limit' }] }])
  })
})

describe('shares.logs', () => {
  it('answers only what is newer than `after`', async () => {
    const { workspaceId, shareId: id } = stranger
    const ask = async (input: object) =>
      itemsOf((await api.call(stranger.key, 'shares.logs', { id, ...input })).body)
    const [newest] = await ask({})
    expect(await ask({ after: newest?.id })).toEqual([])
    await insertAccessLogs(
      api.db,
      ['/1', '/2'].map((path) => visitTo({ workspaceId, shareId: id, path })),
    )
    expect((await ask({ after: newest?.id })).map((entry) => 'path' in entry && entry.path)).toEqual([
      '/2',
      '/1',
    ])
  })
})

it('lists events newest first, page by page, when asked to', async () => {
  const seqs: number[] = []
  for (let page: Record<string, string> | null = { order: 'newest', limit: '2' }; page !== null;) {
    const { body, headers } = await api.call(owner.key, 'events.list', page)
    seqs.push(...(body as { events: { seq: number }[] }).events.map(({ seq }) => seq))
    page = readNext(headers['link'])
  }
  expect(seqs.length).toBeGreaterThan(3)
  expect(seqs).toEqual(seqs.toSorted((a, b) => b - a))
  expect(seqs.at(-1)).toBe(1)
})
