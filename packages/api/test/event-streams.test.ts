// Guarantee (SPEC §9): a subscription tells its own workspace's events from where its client left off, each with the number
// to go on from; it is admitted before anything is read, ends with the reason that the hub gives, and is always released.
import { appendEvent, type EventRow } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import { beforeEach, describe, expect, it } from 'vitest'
import { appRouter, type ApiContext } from '../src/index.ts'
import { toApiError } from '../src/errors/to-api-error.ts'
import { createFakeLive, type FakeLive } from './kit/fake-live.ts'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

type Told = readonly [id: string, event: { readonly type: string; readonly data: Record<string, unknown> }]

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant
let live: FakeLive

beforeEach(async () => {
  ;[owner, stranger] = [await createTenant(api), await createTenant(api)]
  live = createFakeLive()
})

function contextOf(caller: Caller, changes: Partial<ApiContext> = {}): ApiContext {
  const ctx = api.contextOf(caller)
  return { ...ctx, ports: { ...ctx.ports, live: live.port }, ...changes }
}
const callerOf = (caller: Caller, changes?: Partial<ApiContext>) =>
  appRouter.createCaller(contextOf(caller, changes))
const codeOf = async (work: Promise<unknown>) => toApiError(await work.catch((error: unknown) => error)).code
/** tRPC's caller hands out what the procedure yields; its types are those of a client. */
async function stream(kind: 'events.stream' | 'shares.activity', input?: object, caller: Caller = owner.key) {
  const { events, shares } = callerOf(caller)
  const open = kind === 'events.stream' ? events.stream : shares.activity
  return ((await open(input)) as unknown as AsyncIterable<Told>)[Symbol.asyncIterator]()
}
async function readAll(told: AsyncIterator<Told>): Promise<Told[]> {
  const all: Told[] = []
  for (let step = await told.next(); step.done !== true; step = await told.next()) all.push(step.value)
  return all
}
const typesOf = (told: readonly Told[]) => told.map(([, { type }]) => type)

const eventOf = (type: EventRow['type'], shareId: string | null = owner.shareId) =>
  appendEvent(api.db, { workspaceId: owner.workspaceId, type, shareId, data: { shareId, shareName: 'demo' } })

describe.each(['events.stream', 'shares.activity'] as const)('%s', (kind) => {
  it('begins now, or after the event that its client has seen last', async () => {
    live.end()
    await readAll(await stream(kind))
    await readAll(await stream(kind, { lastEventId: '41' }))
    await readAll(await stream(kind, { lastEventId: null }))
    expect(live.followed).toMatchObject([
      { workspaceId: owner.workspaceId, afterSeq: null },
      { workspaceId: owner.workspaceId, afterSeq: 41 },
      { workspaceId: owner.workspaceId, afterSeq: null },
    ])
  })

  it('gives each event the number that its client goes on from', async () => {
    const rows = [await eventOf('share.accessed'), await eventOf('share.denied')]
    live.push(rows).end()
    const told = await readAll(await stream(kind))
    expect(told.map(([id]) => id)).toEqual(rows.map(({ seq }) => String(seq)))
    expect(told.map(([, event]) => event)).toMatchObject(rows.map(({ id, seq, type }) => ({ id, seq, type })))
  })

  it('tells of one share where one is named', async () => {
    const mine = await eventOf('share.accessed')
    const other = await eventOf('share.accessed', 'share_other')
    live.push([other, mine, other]).end()
    const told = await readAll(await stream(kind, { shareId: owner.shareId }))
    expect(told.map(([id]) => id)).toEqual([String(mine.seq)])
  })

  it('of a share that is unknown, or another’s, is refused before it is admitted', async () => {
    for (const shareId of ['share_unknown', stranger.shareId]) {
      expect(await codeOf((await stream(kind, { shareId })).next())).toBe('share.not_found')
    }
    expect([live.admitted, live.followed]).toEqual([[], []])
  })

  it.each([
    { lastEventId: '-1' },
    { lastEventId: '1e3' },
    { lastEventId: '9'.repeat(16) },
    { lastEventId: '' },
    { lastEventId: 7 },
    { shareId: 7 },
    { workspaceId: 'ws_x' },
  ])('refuses %j', async (input) => {
    expect(await codeOf(stream(kind, input))).toBe('request.invalid')
    expect(live.admitted).toEqual([])
  })

  it('is for those who are signed in, and for pages of the hub alone', async () => {
    expect(await codeOf(stream(kind, undefined, anonymous))).toBe('auth.required')
    expect(await codeOf(stream(kind, undefined, owner.revokedKey))).toBe('auth.invalid')
    const refuseCrossSite = () => {
      throw new AppError('auth.cross_site')
    }
    const { events, shares } = callerOf(owner.session, { refuseCrossSite })
    expect(await codeOf(events.stream())).toBe('auth.cross_site')
    expect(await codeOf(shares.activity())).toBe('auth.cross_site')
    expect(live.admitted).toEqual([])
  })

  it('is refused with the hub’s own words where there are too many', async () => {
    live.refuse(new AppError('subscription.limit', undefined, { retryAfterSeconds: 5 }))
    const refusal = await (await stream(kind)).next().catch((error: unknown) => toApiError(error))
    expect(refusal).toMatchObject({ code: 'subscription.limit', retryAfterSeconds: 5 })
    expect(live.followed).toEqual([])
  })

  it('ends with the reason of its end, tells nothing more, and is released', async () => {
    live.push([await eventOf('share.accessed'), await eventOf('share.accessed')])
    const told = await stream(kind)
    expect((await told.next()).done).toBe(false)
    live.end(new AppError('auth.invalid'))
    expect(await codeOf(told.next())).toBe('auth.invalid')
    expect(live.releasedCount).toBe(1)
  })

  it('is released when its client leaves in the middle', async () => {
    live.push([await eventOf('share.accessed'), await eventOf('share.accessed')])
    const told = await stream(kind)
    await told.next()
    expect(live.releasedCount).toBe(0)
    await told.return?.()
    expect(live.releasedCount).toBe(1)
  })

  it('gives the hub’s reader up when its client leaves', async () => {
    let isGivenUp = false
    const rows = [await eventOf('share.accessed')]
    const read = async function* () {
      try {
        yield rows
      } finally {
        isGivenUp = true
      }
    }
    const follow: FakeLive['port']['follow'] = async () => read()
    const ctx = contextOf(owner.key)
    const changes = { ports: { ...ctx.ports, live: { ...live.port, follow } } }
    const { events, shares } = callerOf(owner.key, changes)
    const open = await (kind === 'events.stream' ? events.stream : shares.activity)()
    const told = (open as unknown as AsyncIterable<Told>)[Symbol.asyncIterator]()
    await told.next()
    expect(isGivenUp).toBe(false)
    await told.return?.()
    expect(isGivenUp).toBe(true)
  })

  it('counts for its credential, from its address', async () => {
    live.end()
    await readAll(await stream(kind, undefined, owner.session))
    expect(live.admitted).toMatchObject([
      { credential: { kind: 'session', workspaceId: owner.workspaceId }, ipAddress: '203.0.113.9' },
    ])
  })

  it('shows nothing of what failed inside', async () => {
    live.refuse(new Error('connect ECONNREFUSED 10.0.0.5:5432'))
    const refusal = toApiError(await (await stream(kind)).next().catch((error: unknown) => error))
    expect([refusal.code, refusal.publicMessage]).toEqual([
      'internal',
      expect.not.stringContaining('10.0.0.5'),
    ])
  })
})

describe('what is told', () => {
  const all = ['share.created', 'share.accessed', 'share.denied', 'share.query', 'share.revoked'] as const
  beforeEach(async () => {
    const rows: EventRow[] = []
    for (const type of all) rows.push(await eventOf(type))
    rows.push(await eventOf('agent.online', null))
    live.push(rows).end()
  })

  it('is everything by events.stream', async () => {
    expect(typesOf(await readAll(await stream('events.stream')))).toEqual([...all, 'agent.online'])
  })

  it('is what visitors do by shares.activity', async () => {
    const told = await readAll(await stream('shares.activity'))
    expect(typesOf(told)).toEqual(['share.accessed', 'share.denied', 'share.query'])
  })
})
