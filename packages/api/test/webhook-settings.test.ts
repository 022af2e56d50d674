// Guarantee (SPEC §9, LOG-06): a webhook takes the addresses and events that it can be called with and refuses the
// rest by name before anything is written; the audit log says what was changed by whom, without secrets or paths.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { verifyAuditChain } from '@private-connect/db'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant

beforeEach(async () => {
  ;[owner, stranger] = [await createTenant(api), await createTenant(api)]
  api.changes.length = 0
})

const call = (id: string, input: object = {}, caller: Caller = owner.key) =>
  api.call(caller, id, { ...input })
const create = (input: object = {}) => call('webhooks.create', { url: 'https://example.com/hook', ...input })
const update = (input: object) => call('webhooks.update', { id: owner.webhookId, ...input })
const shown = async () => (await call('webhooks.get', { id: owner.webhookId })).body
const countHooks = () => api.db.client.webhook.count({ where: { workspaceId: owner.workspaceId } })
const lastAudit = async () =>
  api.db.client.auditEntry.findFirst({
    where: { workspaceId: owner.workspaceId },
    orderBy: { seq: 'desc' },
  })

const wrong: [path: string, input: object][] = [
  ['url', { url: 'example.com/hook' }],
  ['url', { url: 'ftp://example.com/' }],
  ['url', { url: 'javascript:alert(1)' }],
  ['url', { url: 'https://user:canary@example.com/' }],
  ['url', { url: 'https://example.com/#part' }],
  ['url', { url: 'https://example.com\\@10.0.0.1/' }],
  ['url', { url: 'https://example.com:5432/' }],
  ['url', { url: `https://example.com/${'x'.repeat(2048)}` }],
  ['url', { url: 7 }],
  ['events', { events: 'share.created' }],
  ['events', { events: [] }],
  ['events.1', { events: ['share.created', 'share.stolen'] }],
  ['description', { description: 'two\nlines' }],
  ['description', { description: 'x'.repeat(201) }],
  ['secret', { secret: 'whsec_canary' }],
]

describe('what is wrong', () => {
  it.each(wrong)('is refused by the name %s when it is made: %j', async (path, input) => {
    const before = await countHooks()
    const { status, body } = await create(input)
    expect([status, body]).toMatchObject([400, { issues: [{ path }] }])
    expect(JSON.stringify(body)).not.toContain('canary')
    expect(await countHooks()).toBe(before)
  })

  it.each(wrong)('is refused by the name %s when it is changed: %j', async (path, input) => {
    const before = await shown()
    const { status, body } = await update(input)
    expect([status, body]).toMatchObject([
      400,
      { issues: expect.arrayContaining([expect.objectContaining({ path })]) },
    ])
    expect(await shown()).toEqual(before)
    expect(await lastAudit()).toBeNull()
  })

  it.each([{ isEnabled: 'no' }, { isEnabled: null }, { failingSince: null }, { url: null }])(
    'as a change is %j',
    async (input) => {
      expect((await update(input)).status).toBe(400)
    },
  )
})

describe('the hub', () => {
  it('is asked about the one spelling that it will call, and not about other changes', async () => {
    const { webhooks } = api.contextOf(anonymous).ports
    const asked = vi.spyOn(webhooks, 'mayCall')
    const { body } = await update({ url: 'HTTPS://EXAMPLE.com:443/a/../b' })
    expect(body).toMatchObject({ webhook: { url: 'https://example.com/b' } })
    await update({ description: 'CI' })
    expect(asked.mock.calls).toEqual([[{ workspaceId: owner.workspaceId, url: 'https://example.com/b' }]])
    asked.mockRestore()
  })

  it('is not asked to resolve an address for somebody else’s webhook', async () => {
    const { webhooks } = api.contextOf(anonymous).ports
    const asked = vi.spyOn(webhooks, 'mayCall')
    const input = { id: owner.webhookId, url: 'https://stranger.example.com/' }
    expect((await call('webhooks.update', input, stranger.key)).body).toMatchObject({
      statusCode: 404,
      code: 'webhook.not_found',
    })
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
  })

  it('looks for deliveries when a webhook begins anew, and is not told of what failed', async () => {
    await update({ url: 'https://10.0.0.1/' })
    expect(api.changes).toEqual([])
    await update({ isEnabled: true })
    expect(api.changes).toEqual(['deliveries'])
  })
})

describe('a change', () => {
  it('leaves what is not named', async () => {
    const before = (await shown()) as object
    const { body } = await update({ events: ['agent.offline', 'agent.online', 'agent.offline'] })
    expect(body).toEqual({
      success: true,
      webhook: { ...before, events: ['agent.offline', 'agent.online'], updatedAt: expect.any(String) },
    })
    expect((await update({ description: null })).body).toMatchObject({
      webhook: { description: null, events: ['agent.offline', 'agent.online'] },
    })
  })

  it('of who stopped it says so, and nothing any more when it runs again', async () => {
    expect((await update({ isEnabled: false })).body).toMatchObject({
      webhook: { isEnabled: false, disabledReason: 'user' },
    })
    await api.db.client.webhook.updateMany({
      where: { id: owner.webhookId },
      data: { disabledReason: 'failing', failingSince: new Date() },
    })
    expect(await shown()).toMatchObject({ disabledReason: 'failing' })
    expect((await update({ isEnabled: true })).body).toMatchObject({
      webhook: { isEnabled: true, disabledReason: null, failingSince: null },
    })
  })
})

describe('the audit log', () => {
  it('names the host that is called and the events, and neither the path nor the secret', async () => {
    const { body } = await create({ url: 'https://hooks.example.net/canary-path', events: ['share.query'] })
    const { secret, webhook } = body as { secret: string; webhook: { id: string } }
    const row = await lastAudit()
    expect(row).toMatchObject({
      action: 'webhook.created',
      subjectId: webhook.id,
      actorKind: 'api_key',
      actorId: owner.apiKeyId,
      details: { host: 'hooks.example.net', events: ['share.query'] },
    })
    await update({ url: 'https://other.example.net/canary-path', description: 'CI' })
    const changed = await lastAudit()
    expect(changed?.details).toEqual({ description: 'CI', host: 'other.example.net' })
    await call('webhooks.rotateSecret', { id: webhook.id })
    const all = await api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId } })
    const text = JSON.stringify(all.map(({ details }) => details))
    expect(text).not.toMatch(/canary|whsec_/)
    expect(text).not.toContain(secret)
    expect(await verifyAuditChain(api.db, owner.workspaceId)).toBeNull()
  })

  it('says how much was sent again, of which time', async () => {
    const times = { from: '2026-01-01T00:00:00+01:00', to: '2027-01-01T00:00:00Z' }
    await call('webhooks.redeliverMany', { id: owner.webhookId, status: 'pending', ...times })
    expect((await lastAudit())?.details).toEqual({
      status: 'pending',
      from: '2025-12-31T23:00:00.000Z',
      to: '2027-01-01T00:00:00.000Z',
      count: expect.any(Number),
    })
  })

  it('has nothing of what was refused, unknown or another’s', async () => {
    const { webhookId: id, deliveryId } = owner
    for (const operation of ['update', 'delete', 'rotateSecret', 'test', 'redeliverMany']) {
      const input = { id, ...(operation === 'update' ? { description: 'x' } : {}) }
      expect((await call(`webhooks.${operation}`, input, stranger.key)).status).toBe(404)
    }
    expect((await call('webhooks.redeliver', { id: deliveryId }, stranger.key)).body).toMatchObject({
      statusCode: 404,
      code: 'delivery.not_found',
    })
    await update({ isEnabled: false })
    const before = await lastAudit()
    expect((await call('webhooks.test', { id })).body).toMatchObject({ code: 'webhook.disabled' })
    expect(await lastAudit()).toEqual(before)
    expect(await api.db.client.auditEntry.count({ where: { workspaceId: stranger.workspaceId } })).toBe(0)
  })
})
