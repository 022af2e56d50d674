// Guarantee (WHK-16): nothing is sent for a workspace that is deleted: what waited is cancelled, secrets are erased; and
// settled deliveries are forgotten after 30 days.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWebhookReceiver } from './kit/webhook-receiver.ts'
import { createWebhookWorld, type WebhookWorld } from './kit/webhook-world.ts'

const day = 86_400_000
let world: WebhookWorld

beforeAll(async () => {
  world = await createWebhookWorld()
}, 120_000)
afterAll(() => world.remove())

it('forgets what was settled 30 days ago, and ends with its workspace', async () => {
  const receiver = await startWebhookReceiver()
  const webhookId = await world.createWebhook(receiver.url)
  const sender = world.createSender()
  await world.append(1)
  await sender.turn()
  await sender.settle()
  world.advance(29 * day)
  await sender.cleanUp()
  expect(await world.deliveriesOf(webhookId)).toMatchObject([{ status: 'delivered' }])
  world.advance(2 * day)
  await sender.cleanUp()
  expect(await world.deliveriesOf(webhookId)).toEqual([])

  receiver.answer = 500
  await world.append(2)
  await sender.turn()
  await sender.settle()
  const { client } = world.db
  await client.workspace.update({ where: { id: world.workspaceId }, data: { deletedAt: new Date() } })
  receiver.received.splice(0)
  world.advance(day)
  expect(await sender.turn()).toBe(0)
  expect(await sender.nextDueMs()).toBeNull()
  await sender.cleanUp()
  expect(receiver.received).toEqual([])
  const statuses = (await world.deliveriesOf(webhookId)).map(({ status }) => status)
  expect(statuses).toEqual(['cancelled', 'cancelled'])
  const row = await client.webhook.findUniqueOrThrow({ where: { id: webhookId } })
  expect(row.secretCipher).toHaveLength(0)
  await receiver.close()
})
