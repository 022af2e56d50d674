// Guarantee (SPEC §5): a share is changed within its workspace's policy; what visitors lose cuts what is open, what
// they gain does not; a rotated link is dead when the answer arrives; a revoked share stays as it is (REV-15).
import { insertAccessLogs, listEventsAfter } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { anonymous, createTestApi } from './kit/test-api.ts'
import { createTenant, visitTo, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant
const dayMs = 86_400_000

beforeEach(async () => {
  owner = await createTenant(api)
  api.changes.length = 0
})

const change = (fields: Record<string, unknown>) =>
  api.call(owner.key, 'shares.update', { id: owner.shareId, ...fields })
const create = (fields: Record<string, unknown> = {}) =>
  api.call(owner.key, 'shares.create', { serviceId: owner.serviceId, name: 'demo', ...fields })
const setPolicy = async (policy: Record<string, unknown>) =>
  expect((await api.call(owner.session, 'workspace.update', { policy })).status).toBe(200)
const issuesOf = ({ body }: { body: unknown }) =>
  ((body as { issues?: { path: string }[] }).issues ?? []).map(({ path }) => path)

describe('PATCH /v1/shares/:id', () => {
  it('changes what is named and leaves the rest', async () => {
    const { body: before } = await api.call(owner.key, 'shares.get', { id: owner.shareId })
    const fields = {
      name: 'renamed',
      description: 'For the audit',
      allowedPaths: ['/api/*'],
      allowedMethods: ['GET'],
      rateLimitPerMin: 5,
      allowWrites: true,
    }
    const { status, body } = await change(fields)
    expect([status, body]).toEqual([200, Object.assign({}, before, fields)])
    expect((await api.call(owner.key, 'shares.get', { id: owner.shareId })).body).toEqual(body)
    const none = { description: null, allowedPaths: null, allowedMethods: null, rateLimitPerMin: null }
    expect((await change(none)).body).toEqual(Object.assign({}, body, none))
  })

  it('cuts what is open where visitors may do less, and only there', async () => {
    await change({ allowedMethods: ['GET', 'POST'] })
    await change({ allowedMethods: ['GET'] })
    await change({ allowedPaths: ['/a'] })
    expect(api.changes).toEqual(Array(3).fill(`share ${owner.shareId}`))
    api.changes.length = 0
    await change({ name: 'other', allowedMethods: null, allowedPaths: ['/a', '/b'] })
    await change({ expiresIn: 'never' })
    expect(api.changes).toEqual(Array(2).fill(`refreshed ${owner.shareId}`))
    await change({ expiresIn: '1h' })
    expect(api.changes.at(-1)).toBe(`share ${owner.shareId}`)
  })

  it('counts a new expiry from now, and revives an expired share', async () => {
    api.setClock(Date.now() + 2 * 3_600_000)
    expect((await api.call(anonymous, 'shares.info', { token: owner.shareToken })).status).toBe(403)
    const { body } = await change({ expiresIn: '7d' })
    const { expiresAt } = body as { expiresAt: string }
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 2 * 3_600_000 - 7 * dayMs)).toBeLessThan(60_000)
    expect((await api.call(anonymous, 'shares.info', { token: owner.shareToken })).status).toBe(200)
    api.setClock(null)
  })

  it.each([
    [{}, ''],
    [{ expiresIn: '1h', expiresAt: '2030-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresIn: '2h' }, 'expiresIn'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ description: 'x'.repeat(501) }, 'description'],
    [{ allowedPaths: [] }, 'allowedPaths'],
    [{ allowedPaths: ['api'] }, 'allowedPaths.0'],
    [{ allowedMethods: [] }, 'allowedMethods'],
    [{ allowedMethods: ['TRACE'] }, 'allowedMethods.0'],
    [{ rateLimitPerMin: 0 }, 'rateLimitPerMin'],
    [{ rateLimitPerMin: 1001 }, 'rateLimitPerMin'],
    [{ revokedAt: null }, 'revokedAt'],
    [{ serviceId: 'svc_1' }, 'serviceId'],
  ])('refuses %j naming %s', async (fields, path) => {
    const answer = await change(fields)
    expect([answer.status, issuesOf(answer)[0]]).toEqual([400, path])
  })

  it('leaves a revoked share as it is, whoever asks for what', async () => {
    await api.call(owner.key, 'shares.revoke', { id: owner.shareId })
    for (const id of ['shares.update', 'shares.rotate']) {
      const { status, body } = await api.call(owner.key, id, {
        id: owner.shareId,
        ...(id === 'shares.update' ? { name: 'x' } : {}),
      })
      expect([status, (body as { code: string }).code]).toEqual([409, 'share.revoked'])
    }
  })
})

describe('the expiry of a share (TOK-11)', () => {
  it('takes the five documented durations, and a day without one', async () => {
    const lengths = { '1h': 3_600_000, '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs }
    for (const [expiresIn, lengthMs] of [...Object.entries(lengths), [undefined, dayMs] as const]) {
      const { body } = await create(expiresIn === undefined ? {} : { expiresIn })
      const { share } = body as { share: { expiresAt: string } }
      expect(Math.abs(Date.parse(share.expiresAt) - Date.now() - lengthMs)).toBeLessThan(60_000)
    }
    expect((await create({ expiresIn: 'never' })).body).toMatchObject({ share: { expiresAt: null } })
    const expiresAt = '2031-02-03T04:05:06+02:00'
    expect((await create({ expiresAt })).body).toMatchObject({
      share: { expiresAt: '2031-02-03T02:05:06.000Z' },
    })
  })

  it.each(['0', '-1h', '1y', '9e99h', '24H', '', null, 24])('refuses %j', async (expiresIn) => {
    const answer = await create({ expiresIn })
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['expiresIn']])
  })

  it('stays within the workspace’s longest time, at creation and at change', async () => {
    await setPolicy({ maxExpirySeconds: 7200 })
    expect(issuesOf(await create({ expiresIn: '24h' }))).toEqual(['expiresIn'])
    expect(issuesOf(await create({ expiresIn: 'never' }))).toEqual(['expiresIn'])
    expect(issuesOf(await change({ expiresIn: '7d' }))).toEqual(['expiresIn'])
    const tooLate = new Date(Date.now() + 7_300_000).toISOString()
    expect(issuesOf(await change({ expiresAt: tooLate }))).toEqual(['expiresAt'])
    expect((await change({ expiresIn: '1h' })).status).toBe(200)
    const { body } = await create()
    const { share } = body as { share: { expiresAt: string } }
    expect(Math.abs(Date.parse(share.expiresAt) - Date.now() - 7_200_000)).toBeLessThan(60_000)
  })

  it('is not “never” where the workspace forbids that', async () => {
    await setPolicy({ allowsNeverExpiring: false })
    expect(issuesOf(await create({ expiresIn: 'never' }))).toEqual(['expiresIn'])
    expect(issuesOf(await change({ expiresIn: 'never' }))).toEqual(['expiresIn'])
    expect((await create({ expiresIn: '30d' })).status).toBe(201)
  })
})

describe('allowWrites', () => {
  it('is off by default, kept, and refused where the workspace lets databases only be read', async () => {
    const allowsWrites = async (answer: { body: unknown }) => {
      const { id } = (answer.body as { share: { id: string } }).share
      const { body } = await api.call(owner.key, 'shares.get', { id })
      return (body as { allowWrites: boolean }).allowWrites
    }
    expect(await allowsWrites(await create())).toBe(false)
    expect(await allowsWrites(await create({ allowWrites: true }))).toBe(true)
    await setPolicy({ databasesReadOnly: true })
    expect(issuesOf(await create({ allowWrites: true }))).toEqual(['allowWrites'])
    expect(issuesOf(await change({ allowWrites: true }))).toEqual(['allowWrites'])
    expect((await change({ allowWrites: false })).status).toBe(200)
  })
})

describe('POST /v1/shares/:id/rotate', () => {
  it('answers a new link, and the old one is dead', async () => {
    const { status, headers, body } = await api.call(owner.session, 'shares.rotate', { id: owner.shareId })
    const { share } = body as { share: { id: string; token: string; shareUrl: string } }
    expect([status, headers['cache-control'], share.id]).toEqual([200, 'no-store', owner.shareId])
    expect(share.token).not.toBe(owner.shareToken)
    expect(share.shareUrl).toContain(share.token)
    expect(api.changes).toEqual([`share ${owner.shareId}`])
    expect((await api.call(anonymous, 'shares.info', { token: owner.shareToken })).status).toBe(403)
    expect((await api.call(anonymous, 'shares.info', { token: share.token })).status).toBe(200)
    const { body: listed } = await api.call(owner.session, 'shares.get', { id: owner.shareId })
    expect(listed).toMatchObject({ tokenPreview: `${share.token.slice(0, 13)}...`, isActive: true })
  })
})

describe('DELETE /v1/shares/:id', () => {
  it('is the same the second time, for an expired one, and unknown to others', async () => {
    api.setClock(Date.now() + 2 * 3_600_000)
    const revoke = () => api.call(owner.session, 'shares.revoke', { id: owner.shareId })
    for (const answer of [await revoke(), await revoke()]) {
      expect([answer.status, answer.body]).toEqual([200, { success: true }])
    }
    api.setClock(null)
    const events = await listEventsAfter(api.db, { workspaceId: owner.workspaceId, seq: 0, limit: 10 })
    expect(events.map(({ type, shareId }) => [type, shareId])).toEqual([['share.revoked', owner.shareId]])
  })

  it('tells the event stream of what is created, in the same transaction', async () => {
    const { body } = await create()
    const { id } = (body as { share: { id: string } }).share
    const events = await listEventsAfter(api.db, { workspaceId: owner.workspaceId, seq: 0, limit: 10 })
    expect(events).toMatchObject([
      { type: 'share.created', shareId: id, data: { shareId: id, shareName: 'demo' } },
    ])
  })
})

describe('GET /v1/shares/:id/stats', () => {
  it('counts the requests of the range, in buckets without gaps', async () => {
    const fromMs = Date.UTC(2026, 2, 2, 10)
    await insertAccessLogs(
      api.db,
      [0, 1, 2].map((hour) =>
        visitTo({ ...owner, path: '/api/users', timestampMs: fromMs + hour * 3_600_000 }),
      ),
    )
    const range = { from: '2026-03-02T10:00:00Z', to: '2026-03-02T14:00:00Z', bucket: '1h' }
    const { status, body } = await api.call(owner.key, 'shares.stats', { id: owner.shareId, ...range })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      from: '2026-03-02T10:00:00.000Z',
      to: '2026-03-02T14:00:00.000Z',
      bucketSeconds: 3600,
      isComplete: true,
      requests: 3,
      statusClasses: { '1xx': 0, '2xx': 3, '3xx': 0, '4xx': 0, '5xx': 0 },
      topPaths: [{ path: '/api/users', requests: 3 }],
      visitors: 1,
      latencyMs: { p50: 45, p95: 45, p99: 45 },
    })
    const { buckets } = body as { buckets: { start: string; requests: number }[] }
    expect(buckets.map(({ requests }) => requests)).toEqual([1, 1, 1, 0])
    expect(buckets[3]?.start).toBe('2026-03-02T13:00:00.000Z')
    const today = await api.call(owner.key, 'shares.stats', { id: owner.shareId })
    expect(today.body).toMatchObject({ requests: 1, bucketSeconds: 3600 })
  })

  it.each([
    { from: '2026-03-02' },
    { bucket: '2h' },
    { from: '2026-03-03T00:00:00Z', to: '2026-03-02T00:00:00Z' },
    { from: '2020-01-01T00:00:00Z' },
  ])('refuses %j', async (range) => {
    expect((await api.call(owner.key, 'shares.stats', { id: owner.shareId, ...range })).status).toBe(400)
  })
})

describe('the access log after an entry', () => {
  it('is in the order of writing: nothing comes twice and nothing is missed', async () => {
    const poll = async (fields: Record<string, unknown>) => {
      const { body } = await api.call(owner.key, 'shares.logs', { id: owner.shareId, ...fields })
      return (body as { logs: { id: string; path: string }[] }).logs
    }
    const after = String((await poll({})).at(0)?.id)
    for (const [index, path] of ['/1', '/2', '/3'].entries()) {
      const visit = visitTo({ ...owner, path, timestampMs: Date.now() - index * 60_000 })
      await insertAccessLogs(api.db, [visit])
    }
    const logs = await poll({ after })
    expect(logs.map(({ path }) => path)).toEqual(['/3', '/2', '/1'])
    expect(await poll({ after: String(logs.at(0)?.id) })).toEqual([])
    const first = await api.call(owner.key, 'shares.logs', {
      id: owner.shareId,
      after,
      limit: 2,
    })
    const cursor = /cursor=([\w-]+)/.exec(String(first.headers['link']))?.[1]
    const rest = await poll({ after, limit: 2, cursor })
    expect(rest.map(({ path }) => path)).toEqual(['/1'])
  })
})
