// Guarantee (WHK-06, WHK-08): of several nodes one sends a delivery; a node that died is replaced when its lease has run
// out, with the same id; one endpoint gets at most four requests at once, and a slow one delays nobody else.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWebhookReceiver } from './kit/webhook-receiver.ts'
import { createWebhookWorld, type WebhookWorld } from './kit/webhook-world.ts'

let world: WebhookWorld

beforeAll(async () => {
  world = await createWebhookWorld()
}, 120_000)
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
  lost.abort()
  await lost.settle()
  await other.turn()
  await other.settle()
  receiver.received.splice(0, receiver.received.length - 1)
  receiver.answer = 204
  world.advance(46_000)
  for (let round = 0; round < 3; round += 1) {
    await other.turn()
    await other.settle()
  }
  const [delivery] = await world.deliveriesOf(webhookId)
  expect(receiver.received.length).toBeLessThanOrEqual(2)
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
  expect(slow.open.max).toBeLessThanOrEqual(4)
  sender.abort()
  await sender.settle()
  expect(await world.deliveriesOf(webhookId)).toHaveLength(40)
  await slow.close()
  await quick.close()
}, 60_000)
