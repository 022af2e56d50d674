// Guarantee (TEN-08, WHK-10): secrets of webhooks, the earlier ones of a rotation too, are re-encrypted with the hub's
// secret: none is lost, and the key of before is not needed any more; an earlier secret signs for as long as it was given.
import { createVault, fingerprintSecret, webhookSecretBinding } from '@private-connect/api'
import { addEncryptionKey, listEncryptionKeys, rotateWebhookSecret } from '@private-connect/db'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { reencrypt } from '../src/secret/reencrypt.ts'
import { startWebhookReceiver } from './kit/webhook-receiver.ts'
import { createWebhookWorld, webhookSecret, type WebhookWorld } from './kit/webhook-world.ts'

let world: WebhookWorld

beforeAll(async () => {
  world = await createWebhookWorld()
}, 120_000)
afterAll(() => world.remove())

it('signs with both secrets under the new key alone', async () => {
  const receiver = await startWebhookReceiver()
  const { db, workspaceId } = world
  const webhookId = await world.createWebhook(receiver.url)
  const [before, after] = ['a'.repeat(32), 'b'.repeat(32)]
  const previous = { id: 'hub-secret-1', secret: before }
  const current = { id: 'hub-secret-2', secret: after }
  const newSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  await rotateWebhookSecret(db, {
    workspaceId,
    webhookId,
    secret: createVault({ current: previous, previous: [] }).seal(webhookSecretBinding(webhookId), newSecret),
    previousExpiresAt: new Date(world.nowMs() + 3_600_000),
  })
  await addEncryptionKey(db, fingerprintSecret(after))
  expect(await reencrypt(db, createVault({ current, previous: [previous] }))).toBe(2)
  expect((await listEncryptionKeys(db)).map(({ id }) => id)).toEqual(['hub-secret-2'])
  const sender = world.createSender({ vault: createVault({ current, previous: [] }) })
  await world.append(1)
  const send = async () => (await sender.turn(), await sender.settle())
  await send()
  const [got] = receiver.received
  for (const secret of [webhookSecret, newSecret]) {
    expect(new Webhook(secret).verify(got?.body ?? '', got?.headers as Record<string, string>)).toBeTruthy()
  }
  world.advance(3_600_000)
  await world.append(1)
  await send()
  const later = receiver.received.at(-1)
  const signature = new Webhook(newSecret).sign(later?.id ?? '', new Date(world.nowMs()), later?.body ?? '')
  expect([receiver.received.length, later?.headers['webhook-signature']]).toEqual([2, signature])
  await receiver.close()
})
