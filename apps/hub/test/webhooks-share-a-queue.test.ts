// Guarantee (WHK-06, WHK-08, CLU-07): of several nodes one sends a delivery; a node that died or was paused is replaced
// when its lease has run out, with the same id, and changes nothing when it comes back; one endpoint gets four requests at
// once and no more, a workspace a part of all, and who is slow delays nobody else.
import { createUserWithWorkspace } from '@private-connect/db'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { PostAnswer } from '../src/webhooks/post-delivery.ts'
import { sendDeliveries } from '../src/webhooks/send-deliveries.ts'
import { startWebhookReceiver } from './kit/webhook-receiver.ts'
import { createWebhookWorld, type WebhookWorld } from './kit/webhook-world.ts'

let world: WebhookWorld

beforeAll(async () => {
  world = await createWebhookWorld()
}, 120_000)
afterEach(() => world.db.client.webhook.updateMany({ data: { deletedAt: new Date() } }))
afterAll(() => world.remove())

it('is sent once by two nodes that race for it', async () => {
  const receiver = await startWebhookReceiver(world.nowMs)
  const webhookId = await world.createWebhook(receiver.url)
  const nodes = [world.createSender(), world.createSender(), world.createSender()]
  await world.append(60)
  for (let round = 0; round < 60; round += 1) {
    await Promise.all(nodes.map(async (node) => node.turn()))
    await Promise.all(nodes.map(async (node) => node.settle()))
    if (receiver.received.length >= 60) break
  }
  const ids = receiver.received.map(({ id }) => id)
  expect([ids.length, new Set(ids).size]).toEqual([60, 60])
  expect(receiver.open.max).toBeLessThanOrEqual(4)
  expect((await world.deliveriesOf(webhookId)).every(({ attemptCount }) => attemptCount === 1)).toBe(true)
  await receiver.close()
}, 60_000)

it('is sent again, once and with the same id, when the node that had it is gone', async () => {
  const receiver = await startWebhookReceiver(world.nowMs)
  const webhookId = await world.createWebhook(receiver.url)
  const [lost, other] = [world.createSender(), world.createSender()]
  await world.append(1)
  receiver.answer = () => undefined
  await lost.turn()
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 10_000 })
  lost.abort()
  await lost.settle()
  expect(await other.turn()).toBe(0)
  receiver.answer = 204
  world.advance(46_000)
  for (let round = 0; round < 3; round += 1) {
    await other.turn()
    await other.settle()
  }
  const [delivery] = await world.deliveriesOf(webhookId)
  expect(receiver.received).toHaveLength(2)
  expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set([delivery?.eventId]))
  expect(delivery).toMatchObject({ status: 'delivered' })
  await receiver.close()
}, 60_000)

it('is not delayed by the slowness of another endpoint', async () => {
  const [slow, quick] = [await startWebhookReceiver(world.nowMs), await startWebhookReceiver(world.nowMs)]
  slow.answer = () => undefined
  await world.createWebhook(slow.url)
  const webhookId = await world.createWebhook(quick.url)
  const sender = world.createSender()
  await world.append(40)
  const startMs = performance.now()
  while (quick.received.length < 40 && performance.now() - startMs < 20_000) {
    await sender.turn()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(quick.received).toHaveLength(40)
  expect(performance.now() - startMs).toBeLessThan(10_000)
  expect(slow.open.max).toBe(4)
  sender.abort()
  await sender.settle()
  expect(await world.deliveriesOf(webhookId)).toHaveLength(40)
  await slow.close()
  await quick.close()
}, 60_000)

const taken: PostAnswer = { statusCode: 204, retryAfter: undefined, error: null }
const failed: PostAnswer = { statusCode: 500, retryAfter: undefined, error: 'It answered 500.' }

it.each([
  ['fails', 'is taken', failed, taken],
  ['is taken', 'fails', taken, failed],
])(
  '%s in a node that was paused, and %s in the one that took over: it is delivered',
  async (...outcomes) => {
    const [, , ofPaused, ofOther] = outcomes
    const webhookId = await world.createWebhook('http://127.0.0.1:9/hook')
    const held = Promise.withResolvers<PostAnswer>()
    const ids: (string | undefined)[] = []
    const paused = world.createSender({
      post: async ({ headers }) => (ids.push(headers['webhook-id']), held.promise),
    })
    const other = world.createSender({
      post: async ({ headers }) => (ids.push(headers['webhook-id']), ofOther),
    })
    const [event] = await world.append(1)
    expect(await paused.turn()).toBe(1)
    // As long as an exchange may take it is the first one's.
    world.advance(20_000)
    expect(await other.turn()).toBe(0)
    world.advance(26_000)
    expect(await other.turn()).toBe(1)
    await other.settle()
    held.resolve(ofPaused)
    await paused.settle()
    expect(ids).toEqual([event?.id, event?.id])
    expect(await world.deliveriesOf(webhookId)).toMatchObject([{ status: 'delivered', lastStatusCode: 204 }])
    const { failingSince } = await world.db.client.webhook.findUniqueOrThrow({ where: { id: webhookId } })
    expect(failingSince).toBeNull()
  },
  60_000,
)

it('is quick for 99 endpoints beside one that does not answer and has hundreds to get', async () => {
  const receiver = await startWebhookReceiver()
  receiver.answer = (response, { path }) => void (path === '/slow' || response.writeHead(204).end())
  const base = receiver.url.replace('/hook', '')
  await world.createWebhook(`${base}/slow`)
  await world.append(300)
  const sender = world.createSender({ nowMs: Date.now })
  const loop = sendDeliveries({ sender, log: { warn: () => undefined }, nowMs: Date.now, graceMs: 0 })
  const count = (path: RegExp) => receiver.received.filter((one) => path.test(one.path)).length
  await vi.waitFor(() => expect(count(/slow/)).toBe(4), { timeout: 20_000 })
  for (let place = 0; place < 99; place += 1) await world.createWebhook(`${base}/quick/${place}`)
  const startMs = Date.now()
  await world.append(3)
  loop.wake()
  // Ten times the 2 s of the row.
  await vi.waitFor(() => expect(count(/quick/)).toBe(297), { timeout: 20_000, interval: 50 })
  const quick = receiver.received.filter(({ path }) => path !== '/slow')
  const delaysMs = quick.map(({ atMs }) => atMs - startMs).sort((one, other) => one - other)
  expect(delaysMs[Math.floor(0.95 * delaysMs.length)]).toBeLessThan(20_000)
  expect(new Set(quick.map(({ id, path }) => `${path} ${id}`)).size).toBe(297)
  expect(count(/slow/)).toBe(4)
  await loop.stop()
  await receiver.close()
}, 120_000)

it('is quick beside a workspace whose hundred endpoints do not answer', async () => {
  const [silent, quick] = [await startWebhookReceiver(), await startWebhookReceiver()]
  silent.answer = () => undefined
  const other = await createUserWithWorkspace(world.db, { email: 'n@example.com', workspaceName: 'noisy' })
  const noisyId = other.workspace.id
  for (let place = 0; place < 100; place += 1) await world.createWebhook(`${silent.url}/${place}`, noisyId)
  await world.createWebhook(quick.url)
  await world.append(10, noisyId)
  const sender = world.createSender({ nowMs: Date.now })
  const loop = sendDeliveries({ sender, log: { warn: () => undefined }, nowMs: Date.now, graceMs: 0 })
  await vi.waitFor(() => expect(silent.received.length).toBeGreaterThanOrEqual(64), { timeout: 20_000 })
  const events = await world.append(20)
  loop.wake()
  const arrived = () => new Set(quick.received.map(({ id }) => id))
  const ids = new Set(events.map(({ id }) => id))
  await vi.waitFor(() => expect(arrived()).toEqual(ids), { timeout: 20_000, interval: 20 })
  expect(silent.open.max).toBeLessThan(128)
  await loop.stop()
  await silent.close()
  await quick.close()
}, 120_000)
