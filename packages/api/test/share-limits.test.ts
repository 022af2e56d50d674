// Guarantee: a share gets the limits that were asked for, never wider ones: the default of 24 hours, the workspace's
// policy, and patterns that are refused by name rather than ignored (SPEC §5, PATH-23, TOK-11).
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApi } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

const api = await createTestApi()
const owner = await createTenant(api, 'owner')
const nowMs = Date.parse('2026-03-02T10:00:00.000Z')

beforeAll(async () => {
  api.setClock(nowMs)
})

const create = (input: object) =>
  api.call(owner.key, 'shares.create', { serviceId: owner.serviceId, name: 'demo', ...input })

async function created(input: object): Promise<Record<string, unknown>> {
  const { status, body } = await create(input)
  expect(status).toBe(201)
  const { id } = (body as { share: { id: string } }).share
  return (await api.call(owner.key, 'shares.get', { id })).body as Record<string, unknown>
}

describe('expiry', () => {
  it.each([
    [{}, '2026-03-03T10:00:00.000Z'],
    [{ expiresIn: '1h' }, '2026-03-02T11:00:00.000Z'],
    [{ expiresIn: '30d' }, '2026-04-01T10:00:00.000Z'],
    [{ expiresIn: 'never' }, null],
    [{ expiresAt: '2026-12-24T18:00:00+01:00' }, '2026-12-24T17:00:00.000Z'],
  ])('%j ends at %s', async (input, expiresAt) => {
    expect(await created(input)).toMatchObject({ expiresAt, isActive: true })
  })

  it.each([
    { expiresIn: '24H' },
    { expiresIn: '' },
    { expiresIn: null },
    { expiresAt: '2026-03-02T10:00:00Z' },
    { expiresAt: '2020-01-01T00:00:00Z' },
    { expiresAt: 'tomorrow' },
    { expiresIn: '1h', expiresAt: '2030-01-01T00:00:00Z' },
  ])('%j is refused', async (input) => {
    const { status, body } = await create(input)
    expect([status, body]).toMatchObject([
      400,
      { issues: [{ path: expect.stringMatching(/^expires(In|At)$/) }] },
    ])
  })

  it('is exact: active before the end, inactive at it (TOK-12)', async () => {
    const { id } = await created({ expiresIn: '1h' })
    const isActiveAt = async (ms: number): Promise<unknown> => {
      api.setClock(ms)
      return ((await api.call(owner.key, 'shares.get', { id })).body as { isActive: boolean }).isActive
    }
    const endMs = nowMs + 3_600_000
    expect(await isActiveAt(endMs - 1)).toBe(true)
    expect(await isActiveAt(endMs)).toBe(false)
    expect(await isActiveAt(endMs + 1)).toBe(false)
    api.setClock(nowMs)
  })

  it('keeps to the workspace’s policy', async () => {
    const where = { id: owner.workspaceId }
    await api.db.client.workspace.update({
      where,
      data: { maxExpirySeconds: 3600, allowsNeverExpiring: false },
    })
    expect((await create({ expiresIn: '1h' })).status).toBe(201)
    for (const input of [
      { expiresIn: 'never' },
      { expiresIn: '24h' },
      { expiresAt: '2026-03-02T11:00:01Z' },
    ]) {
      const { status, body } = await create(input)
      expect([status, (body as { message: string }).message]).toEqual([
        400,
        expect.stringContaining('This workspace'),
      ])
    }
    await api.db.client.workspace.update({
      where,
      data: { maxExpirySeconds: null, allowsNeverExpiring: true },
    })
  })
})

describe('rules', () => {
  it('are what was asked for, or none', async () => {
    const rules = { allowedPaths: ['/api/*', '/health'], allowedMethods: ['GET'], rateLimitPerMin: 1 }
    expect(await created(rules)).toMatchObject(rules)
    const none = { allowedPaths: null, allowedMethods: null, rateLimitPerMin: null, description: null }
    expect(await created({})).toMatchObject(none)
  })

  it.each(
    [['api/*', '/a/../b', '/%2e', '/a?x', '/a#', '**', '', 'http://x/'].map((pattern) => [pattern])].flat(),
  )('the pattern %j is refused by name', async (pattern) => {
    const { status, body } = await create({ allowedPaths: ['/ok', pattern] })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      issues: [
        {
          path: 'allowedPaths.1',
          message: expect.stringContaining(`The pattern ${JSON.stringify(pattern)}`),
        },
      ],
    })
  })

  it.each([
    { allowedPaths: [] },
    { allowedMethods: [] },
    { allowedMethods: ['HEAD'] },
    { rateLimitPerMin: 0 },
  ])('%j is refused, never read as "all"', async (input) => {
    expect((await create(input)).status).toBe(400)
  })
})

describe('many at once', () => {
  it('have different tokens and ids (TOK-10)', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => create({})))
    const shares = answers.map(({ body }) => (body as { share: { id: string; token: string } }).share)
    expect(new Set(shares.map(({ id }) => id)).size).toBe(100)
    expect(new Set(shares.map(({ token }) => token)).size).toBe(100)
  })

  it('that register one service name make one service', async () => {
    const input = { agentId: owner.agentId, name: 'race', targetHost: 'localhost', targetPort: 80 }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.call(owner.key, 'services.register', input)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => (body as { service: { id: string } }).service.id)).size).toBe(1)
  })
})
