// Guarantee (SPEC §9, WHK-01, WHK-10, WHK-14, WHK-16): a webhook is created, changed, stopped and deleted by its
// workspace; its secret is shown when it is made and never again; deliveries are listed, and sent again one by one or
// many at once, with the same id.
import { fanOutEvents } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { composePayload } from '../src/webhooks/compose-payload.ts'
import { createTestApi } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
})

interface Hook {
  readonly id: string
  readonly url: string
  readonly events: string[]
  readonly isEnabled: boolean
}
interface Delivery {
  readonly id: string
  readonly eventId: string
  readonly event: string
  readonly status: string
}

const call = async <T>(id: string, input: object) => {
  const { status, body } = await api.call(owner.key, id, { ...input })
  return { status, body: body as T }
}
const create = async (input: object = {}) => {
  const { status, body } = await call<{ webhook: Hook; secret: string }>('webhooks.create', {
    url: 'https://example.com/hook',
    ...input,
  })
  expect(status).toBe(201)
  return body
}
/** What the hub does behind its answers. */
const fanOut = async () => {
  while (await fanOutEvents(api.db, { now: new Date(), bodyOf: composePayload }));
}
const deliveriesOf = async (id: string, filter: object = {}) =>
  (await call<{ deliveries: Delivery[] }>('webhooks.listDeliveries', { id, ...filter })).body.deliveries
const settle = async (status: 'exhausted' | 'delivered') =>
  api.db.client.delivery.updateMany({ data: { status, settledAt: new Date(), leaseExpiresAt: null } })
const makeEvent = async () => call('shares.create', { serviceId: owner.serviceId, name: 'demo' })

describe('a webhook', () => {
  it('has a secret of its own with 32 bytes, and all events unless it names some', async () => {
    const [one, two] = [await create(), await create({ events: ['share.revoked', 'share.revoked'] })]
    expect(Buffer.from(one.secret.slice(6), 'base64')).toHaveLength(32)
    expect(two.secret).not.toBe(one.secret)
    expect([one.webhook.events.length, two.webhook.events]).toEqual([8, ['share.revoked']])
  })

  it('may not lead where the hub does not call, when it is made and when it is changed', async () => {
    const refused = { url: 'https://10.0.0.1/' }
    expect((await call('webhooks.create', refused)).body).toMatchObject({
      code: 'request.invalid',
      issues: [{ path: 'url' }],
    })
    const { webhook } = await create()
    expect((await call('webhooks.update', { id: webhook.id, ...refused })).status).toBe(400)
    expect((await call<Hook>('webhooks.get', { id: webhook.id })).body.url).toBe(webhook.url)
  })

  it('is one of a hundred at most, however many are made at once, and makes place when it is deleted', async () => {
    const input = { url: 'https://example.com/hook' }
    const made = await Promise.all(
      Array.from({ length: 110 }, async () =>
        call<{ webhook?: Hook; code?: string }>('webhooks.create', input),
      ),
    )
    const ids = made.flatMap(({ body }) => body.webhook?.id ?? [])
    const count = await api.db.client.webhook.count({ where: { workspaceId: owner.workspaceId } })
    expect([count, made.filter(({ status }) => status === 201).length]).toEqual([100, ids.length])
    const refused = made.find(({ status }) => status !== 201)
    expect([refused?.status, refused?.body.code]).toEqual([409, 'webhook.limit'])
    await call('webhooks.delete', { id: ids[0] })
    await create()
    expect((await call('webhooks.create', input)).status).toBe(409)
  })

  it('refuses changes that change nothing, and events that there are not', async () => {
    const { webhook } = await create()
    expect((await call('webhooks.update', { id: webhook.id })).status).toBe(400)
    for (const events of [[], ['share.stolen'], ['*']]) {
      expect((await call('webhooks.update', { id: webhook.id, events })).status).toBe(400)
    }
  })

  it('shows for a day that the secret of before a rotation signs too', async () => {
    const { webhook, secret } = await create()
    const rotated = await call<{ webhook: { previousSecretExpiresAt: string }; secret: string }>(
      'webhooks.rotateSecret',
      { id: webhook.id },
    )
    expect(rotated.body.secret).not.toBe(secret)
    const untilMs = Date.parse(rotated.body.webhook.previousSecretExpiresAt) - Date.now()
    expect(untilMs / 3_600_000).toBeCloseTo(24, 1)
    api.setClock(Date.now() + 25 * 3_600_000)
    const later = await call<object>('webhooks.get', { id: webhook.id })
    api.setClock(null)
    expect(later.body).toMatchObject({ previousSecretExpiresAt: null })
  })

  it('gets what happens after it was made, of the kinds that it names, once', async () => {
    await makeEvent()
    const all = (await create()).webhook
    const some = (await create({ events: ['share.revoked'] })).webhook
    await makeEvent()
    await call('shares.revoke', { id: owner.shareId })
    await fanOut()
    await fanOut()
    const got = await deliveriesOf(all.id)
    expect(got.map(({ event }) => event)).toEqual(['share.revoked', 'share.created'])
    expect(await deliveriesOf(some.id)).toMatchObject([{ event: 'share.revoked', eventId: got[0]?.eventId }])
  })

  it('skips no event when giving them out fails halfway', async () => {
    const { webhook } = await create()
    for (let count = 0; count < 3; count += 1) await makeEvent()
    let composed = 0
    const bodyOf: typeof composePayload = (event) => {
      composed += 1
      if (composed === 2) throw new Error('halfway')
      return composePayload(event)
    }
    await expect(fanOutEvents(api.db, { now: new Date(), bodyOf })).rejects.toThrow('halfway')
    expect(await deliveriesOf(webhook.id)).toEqual([])
    await fanOut()
    expect(await deliveriesOf(webhook.id)).toHaveLength(3)
  })

  it('gets nothing of what happened while it was stopped', async () => {
    const { webhook } = await create()
    await call('webhooks.update', { id: webhook.id, isEnabled: false })
    await makeEvent()
    await fanOut()
    const resumed = await call('webhooks.update', { id: webhook.id, isEnabled: true })
    expect(resumed.body).toMatchObject({ webhook: { isEnabled: true, disabledReason: null } })
    await makeEvent()
    await fanOut()
    expect(await deliveriesOf(webhook.id)).toHaveLength(1)
  })

  it('that is deleted has no secret any more, and what waited is cancelled', async () => {
    const { webhook } = await create()
    await makeEvent()
    await fanOut()
    expect((await call('webhooks.delete', { id: webhook.id })).status).toBe(200)
    const row = await api.db.client.webhook.findUniqueOrThrow({ where: { id: webhook.id } })
    expect([row.secretCipher.length, row.previousSecretCipher]).toEqual([0, null])
    const left = await api.db.client.delivery.findMany({ where: { webhookId: webhook.id } })
    expect(left.map(({ status }) => status)).toEqual(['cancelled'])
    expect((await call('webhooks.listDeliveries', { id: webhook.id })).status).toBe(404)
    expect((await call('webhooks.redeliver', { id: left[0]?.id })).status).toBe(404)
  })
})

describe('deliveries', () => {
  it('are listed by status, event and time, page by page', async () => {
    const { webhook } = await create()
    for (let count = 0; count < 3; count += 1) await makeEvent()
    await call('shares.revoke', { id: owner.shareId })
    await fanOut()
    expect(await deliveriesOf(webhook.id, { event: 'share.created' })).toHaveLength(3)
    expect(await deliveriesOf(webhook.id, { status: 'delivered' })).toEqual([])
    const now = new Date().toISOString()
    expect(await deliveriesOf(webhook.id, { from: now })).toEqual([])
    expect(await deliveriesOf(webhook.id, { to: now })).toHaveLength(4)
    const first = await api.call(owner.key, 'webhooks.listDeliveries', { id: webhook.id, limit: 3 })
    const cursor = /cursor=([^&>]+)/.exec(String(first.headers['link']))?.[1] ?? ''
    expect(await deliveriesOf(webhook.id, { limit: 3, cursor })).toHaveLength(1)
    for (const wrong of [{ status: 'held' }, { from: 'yesterday' }, { event: 'SHARE' }]) {
      expect((await call('webhooks.listDeliveries', { id: webhook.id, ...wrong })).status).toBe(400)
    }
  })

  it('are sent again with the same id, alone or many at once', async () => {
    const { webhook } = await create()
    await makeEvent()
    await makeEvent()
    await fanOut()
    const [newest, oldest] = await deliveriesOf(webhook.id)
    await settle('exhausted')
    const again = await call<{ delivery: Delivery }>('webhooks.redeliver', { id: newest?.id })
    expect(again.body.delivery).toMatchObject({ id: newest?.id, eventId: newest?.eventId, status: 'pending' })
    expect(api.changes.at(-1)).toBe('deliveries')
    const many = await call('webhooks.redeliverMany', { id: webhook.id })
    expect(many.body).toMatchObject({ count: 1 })
    expect((await deliveriesOf(webhook.id)).map(({ status, id }) => [id, status])).toEqual([
      [newest?.id, 'pending'],
      [oldest?.id, 'pending'],
    ])
    const to = new Date(Date.now() - 60_000).toISOString()
    const none = await call('webhooks.redeliverMany', { id: webhook.id, status: 'pending', to })
    expect(none.body).toMatchObject({ count: 0 })
  })

  it('are made by a test, which has one attempt, and not while the webhook is disabled', async () => {
    const { webhook } = await create()
    const { body } = await call<{ delivery: Delivery }>('webhooks.test', { id: webhook.id })
    expect(body.delivery).toMatchObject({ event: 'webhook.test', status: 'pending' })
    await call('webhooks.update', { id: webhook.id, isEnabled: false })
    for (const [id, input] of [
      ['webhooks.test', { id: webhook.id }],
      ['webhooks.redeliver', { id: body.delivery.id }],
      ['webhooks.redeliverMany', { id: webhook.id }],
    ] as const) {
      expect((await call(id, input)).body).toMatchObject({ statusCode: 409, code: 'webhook.disabled' })
    }
  })
})
