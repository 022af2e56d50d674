// Guarantee (SPEC §9): GET /v1/events tells a workspace's events after a number, oldest or newest first, each once, page by
// page, while new ones arrive; nobody sees another's, and what is no number or order is a 400 that names the field.
import { appendEvents, type EventType } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { anonymous, createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

interface Event {
  readonly id: string
  readonly seq: number
  readonly type: string
  readonly data: Record<string, unknown>
  readonly createdAt: string
}
type Query = Record<string, string | number>

const api = await createTestApi()
let owner: Tenant
/** The number of the last event that a new tenant brings along. */
let first: number

beforeEach(async () => {
  owner = await createTenant(api)
  first = (await list()).events.at(-1)?.seq ?? 0
})

const add = (count: number, type: EventType = 'share.revoked', { workspaceId, shareId } = owner) =>
  appendEvents(
    api.db,
    Array.from({ length: count }, () => ({
      workspaceId,
      type,
      shareId,
      data: { shareId, shareName: 'demo' },
    })),
  )
async function list(query: Query = {}) {
  const { body, headers } = await api.call(owner.key, 'events.list', query)
  const link = /<([^>]+)>; rel="next"/.exec(String(headers['link'] ?? ''))?.[1]
  const next = link === undefined ? null : Object.fromEntries(new URL(link).searchParams)
  return { events: (body as { events: Event[] }).events, next }
}
const seqsOf = (events: readonly Event[]) => events.map(({ seq }) => seq - first)
async function walk(query: Query, between: () => Promise<unknown> = async () => {}) {
  const pages: number[][] = []
  for (let next: Query | null = query; next !== null;) {
    const page = await list(next)
    pages.push(seqsOf(page.events))
    await between()
    ;({ next } = page)
  }
  return pages
}

describe('the events of one share', () => {
  it('are told by themselves, in both orders, page by page', async () => {
    const made = await api.call(owner.key, 'shares.create', { serviceId: owner.serviceId, name: 'other' })
    const shareId = (made.body as { share: { id: string } }).share.id
    await add(2)
    await add(3, 'share.revoked', { ...owner, shareId })
    await add(1)
    const oldest = await walk({ shareId, limit: 2 })
    const newest = await walk({ shareId, limit: 3, order: 'newest' })
    // With the event of its creation.
    expect(oldest.flat()).toEqual([1, 4, 5, 6])
    expect(newest).toEqual([[6, 5, 4], [1]])
  })

  it('are its owner’s alone', async () => {
    const stranger = await createTenant(api)
    const { status, body } = await api.call(stranger.key, 'events.list', { shareId: owner.shareId })
    expect([status, body]).toMatchObject([404, { code: 'share.not_found' }])
  })
})

describe('the events', () => {
  it('begin with the oldest, after the number that is given', async () => {
    await add(3)
    expect(seqsOf((await list()).events).slice(-3)).toEqual([1, 2, 3])
    expect(seqsOf((await list({ after: first + 1 })).events)).toEqual([2, 3])
    expect((await list({ after: first + 3 })).events).toEqual([])
    expect((await list({ after: 999_999_999_999 })).events).toEqual([])
  })

  it('begin with the newest where that is asked for, and still end after the number', async () => {
    await add(3)
    expect(seqsOf((await list({ order: 'newest', after: first })).events)).toEqual([3, 2, 1])
    expect(seqsOf((await list({ order: 'newest', after: first + 2 })).events)).toEqual([3])
    expect((await list({ order: 'newest', after: first + 3 })).events).toEqual([])
  })

  it.each([
    ['oldest', [[1, 2], [3, 4], [5]]],
    ['newest', [[5, 4], [3, 2], [1]]],
  ])('come page by page, each once: %s', async (order, pages) => {
    await add(5)
    expect(await walk({ order, after: first, limit: 2 })).toEqual(pages)
  })

  it('end without a next page where the last one is full', async () => {
    await add(4)
    expect(await walk({ after: first, limit: 2 })).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(await walk({ after: first, limit: 2, order: 'newest' })).toEqual([
      [4, 3],
      [2, 1],
    ])
  })

  it('that arrive meanwhile come at the end of the oldest first, and do not disturb the newest first', async () => {
    await add(3)
    let left = 2
    const arrive = async () => (left > 0 ? add((left -= 1) + 1) : undefined)
    expect((await walk({ after: first, limit: 2 }, arrive)).flat()).toEqual([1, 2, 3, 4, 5, 6])
    left = 2
    expect((await walk({ after: first, limit: 4, order: 'newest' }, arrive)).flat()).toEqual([
      6, 5, 4, 3, 2, 1,
    ])
  })

  it('are one workspace’s: another one’s numbers and cursors lead nowhere', async () => {
    const stranger = await createTenant(api)
    await add(4)
    await add(2, 'share.denied', stranger)
    const { events } = await list()
    expect(JSON.stringify(events)).not.toContain(stranger.shareId)
    const { next } = await list({ limit: 1 })
    const { status, body } = await api.call(stranger.key, 'events.list', { ...next })
    expect([status, body]).toMatchObject([400, { issues: [{ path: 'cursor' }] }])
    expect((await api.call(anonymous, 'events.list')).status).toBe(401)
  })

  it('go on in the order that they began in', async () => {
    await add(4)
    const { next } = await list({ limit: 1, order: 'newest' })
    const turned = await api.call(owner.key, 'events.list', { ...next, order: 'oldest' })
    expect([turned.status, turned.body]).toMatchObject([400, { issues: [{ path: 'cursor' }] }])
  })
})

describe('an event', () => {
  it('has what it tells, who did it and when, also where it was written by a hub that knew less', async () => {
    const [row] = await add(1, 'share.created')
    expect((await list({ after: first })).events).toEqual([
      {
        id: row?.id,
        seq: row?.seq,
        type: 'share.created',
        createdAt: row?.createdAt.toISOString(),
        data: {
          shareId: owner.shareId,
          shareName: 'demo',
          ipAddress: null,
          timestamp: row?.createdAt.toISOString(),
        },
      },
    ])
  })

  it('of a share that was made or revoked names who did it', async () => {
    await api.call(owner.key, 'shares.create', { serviceId: owner.serviceId, name: 'fresh' })
    await api.call(owner.key, 'shares.revoke', { id: owner.shareId })
    expect((await list({ after: first })).events).toMatchObject([
      { type: 'share.created', data: { shareName: 'fresh', ipAddress: '203.0.113.9' } },
      { type: 'share.revoked', data: { shareId: owner.shareId, ipAddress: '203.0.113.9' } },
    ])
  })
})

it.each<[string, Query]>([
  ['after', { after: -1 }],
  ['after', { after: 1.5 }],
  ['after', { after: 'evt_1' }],
  ['after', { after: '' }],
  ['after', { after: '9'.repeat(30) }],
  ['order', { order: 'random' }],
  ['order', { order: 'OLDEST' }],
  ['limit', { limit: 0 }],
  ['limit', { limit: 101 }],
  ['type', { type: 'share.created' }],
])('refuses by the name %s: %j', async (path, query) => {
  const { status, body } = await api.call(owner.key, 'events.list', query)
  expect([status, body]).toMatchObject([400, { code: 'request.invalid', issues: [{ path }] }])
})
