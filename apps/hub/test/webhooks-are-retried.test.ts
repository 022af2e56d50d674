// Guarantee (WHK-02..04, -07): a delivery is tried on its schedule with one id until its endpoint takes it, for at least
// three days; an endpoint that was down gets everything within five minutes of its return, ten a second; what an endpoint
// asks for is done: a pause by Retry-After, an end by 410.
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeliverySender } from '../src/webhooks/delivery-sender.ts'
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts'
import { createWebhookWorld, webhookSecret, type WebhookWorld } from './kit/webhook-world.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

let world: WebhookWorld
let receiver: WebhookReceiver
let sender: DeliverySender
let webhookId: string

beforeAll(async () => {
  world = await createWebhookWorld()
}, 120_000)
afterAll(() => world.remove())
beforeEach(async () => {
  receiver = await startWebhookReceiver(world.nowMs)
  sender = world.createSender()
  webhookId = await world.createWebhook(receiver.url)
})
afterEach(async () => {
  await world.db.client.webhook.update({ where: { id: webhookId }, data: { deletedAt: new Date() } })
  await receiver.close()
})

/** Lets the sender do all that is due now. */
async function send(): Promise<void> {
  let count: number
  do {
    count = await sender.turn()
    await sender.settle()
  } while (count > 0)
}

/** Moves the clock in steps, as the hub's loop would wake for what is due, up to so much later. */
async function passTime(ms: number): Promise<void> {
  const endMs = world.nowMs() + ms
  for (;;) {
    await send()
    const dueMs = await sender.nextDueMs()
    if (dueMs === null || dueMs > endMs) break
    world.advance(Math.max(1, dueMs - world.nowMs()))
  }
  world.advance(Math.max(0, endMs - world.nowMs()))
}

const readWebhook = async () => world.db.client.webhook.findUniqueOrThrow({ where: { id: webhookId } })
const deliveries = async () => world.deliveriesOf(webhookId)

describe('an endpoint that fails', () => {
  it('gets retries with the same id, a new time and a signature that fits it', async () => {
    receiver.answer = 500
    const [event] = await world.append(1)
    await passTime(10 * second)
    receiver.answer = 204
    await passTime(10 * minute)
    expect(receiver.received.length).toBeGreaterThanOrEqual(3)
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set([event?.id]))
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']))
    expect(times).toEqual(receiver.received.map(({ atMs }) => Math.floor(atMs / 1000)))
    expect(new Set(times).size).toBe(times.length)
    const library = new Webhook(webhookSecret)
    for (const { id, body, headers } of receiver.received) {
      const at = new Date(Number(headers['webhook-timestamp']) * 1000)
      expect(headers['webhook-signature']).toBe(library.sign(id, at, body))
    }
    expect(await deliveries()).toMatchObject([
      { status: 'delivered', attemptCount: receiver.received.length, lastStatusCode: 204, lastError: null },
    ])
  })

  it('does not wait for a clock that was a day ahead and was set back', async () => {
    world.advance(24 * hour)
    receiver.answer = 500
    await world.append(3)
    await send()
    expect(receiver.received).toHaveLength(3)
    // And one whose hub was killed while it sent it.
    const [left] = await deliveries()
    const leaseExpiresAt = new Date(world.nowMs() + 45 * second)
    await world.db.client.delivery.update({ where: { id: left?.id ?? '' }, data: { leaseExpiresAt } })
    world.advance(-24 * hour)
    receiver.answer = 204
    await passTime(10 * minute)
    expect((await deliveries()).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered'])
  })

  it('is tried at the times of the schedule, and its delivery is exhausted after 76 hours', async () => {
    sender = world.createSender({ probeEveryMs: 3 * hour })
    receiver.answer = 503
    const startMs = world.nowMs()
    await world.append(1)
    await passTime(74 * hour)
    expect(await deliveries()).toMatchObject([{ status: 'pending' }])
    await passTime(2 * hour)
    const attempts = receiver.received.map(({ atMs }) => atMs - startMs)
    let dueMs = 0
    const scheduled = [0, 5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24].map((hours) => (dueMs += hours * hour))
    const isScheduled = (atMs: number) => scheduled.some((due) => Math.abs(due - atMs) < minute)
    expect(attempts.filter(isScheduled)).toHaveLength(10)
    // Beside that it is probed.
    const gaps = attempts.slice(1).map((atMs, at) => atMs - (attempts[at] ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * hour + second)
    expect(await deliveries()).toMatchObject([{ status: 'exhausted', attemptCount: attempts.length }])
    expect(attempts.at(-1)).toBeGreaterThan(72 * hour)
    await passTime(48 * hour)
    expect(receiver.received).toHaveLength(attempts.length)
    expect((await readWebhook()).disabledAt).toBeNull()
  }, 120_000)

  it('gets everything within five minutes of its return, the oldest first, ten a second', async () => {
    receiver.answer = 500
    const events = []
    for (let step = 0; step < 6; step += 1) {
      events.push(...(await world.append(5)))
      await passTime(10 * minute)
    }
    const gaps = receiver.received.slice(1).map(({ atMs }, at) => atMs - (receiver.received[at]?.atMs ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5 * minute + second)
    const before = receiver.received.length
    receiver.answer = 204
    const upMs = world.nowMs()
    await passTime(6 * minute)
    const got = receiver.received.slice(before)
    expect(got.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort())
    expect((got[0]?.atMs ?? 0) - upMs).toBeLessThanOrEqual(5 * minute)
    expect(got[0]?.id).toBe(events[0]?.id)
    for (const { atMs } of got) {
      expect(got.filter((one) => one.atMs >= atMs && one.atMs < atMs + second).length).toBeLessThanOrEqual(11)
    }
    expect(new Set((await deliveries()).map(({ status }) => status))).toEqual(new Set(['delivered']))
    expect(await readWebhook()).toMatchObject({ failingSince: null, probeAt: null })
  }, 120_000)

  it('gets everything when nothing listened for an hour, its hub was started anew, and it is back', async () => {
    await receiver.close()
    const events = []
    for (let step = 0; step < 4; step += 1) {
      events.push(...(await world.append(3)))
      await passTime(15 * minute)
      sender = world.createSender()
    }
    const waiting = await deliveries()
    expect(waiting).toHaveLength(12)
    // Not a word of what is behind the address.
    const lastError = 'It could not be reached.'
    for (const one of waiting)
      expect(one).toMatchObject({ status: 'pending', lastStatusCode: null, lastError })
    receiver = await startWebhookReceiver(world.nowMs, receiver.port)
    await passTime(6 * minute)
    expect(receiver.received.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    expect(new Set((await deliveries()).map(({ status }) => status))).toEqual(new Set(['delivered']))
  }, 120_000)

  it('is disabled after five days of failures only, and its owner is told once', async () => {
    sender = world.createSender({ probeEveryMs: 2 * hour })
    receiver.answer = 500
    await world.append(1)
    await passTime(70 * hour)
    await world.append(1)
    await passTime(49 * hour)
    expect(world.disabled).toEqual([])
    await passTime(4 * hour)
    expect(world.disabled).toMatchObject([{ webhookId, reason: 'failing' }])
    expect(await readWebhook()).toMatchObject({ disabledReason: 'failing' })
    const count = receiver.received.length
    await world.append(1)
    await passTime(24 * hour)
    expect(receiver.received).toHaveLength(count)
    expect(world.disabled.splice(0)).toHaveLength(1)
    await sender.cleanUp()
    expect((await deliveries()).map(({ status }) => status)).toEqual(['exhausted', 'exhausted'])
  }, 120_000)

  it('is not disabled for a failure of long ago and one of now', async () => {
    sender = world.createSender({ probeEveryMs: 3 * hour })
    receiver.answer = 500
    await world.append(1)
    await passTime(80 * hour)
    world.advance(30 * 24 * hour)
    await world.append(1)
    await passTime(hour)
    expect(world.disabled).toEqual([])
  }, 120_000)
})

describe('an endpoint that asks', () => {
  it.each([429, 503])(
    'for time with %i and Retry-After gets it, for all of its deliveries',
    async (status) => {
      receiver.answer = (response) => void response.writeHead(status, { 'retry-after': '900' }).end()
      await world.append(1)
      await send()
      await world.append(1)
      await passTime(899 * second)
      expect(receiver.received).toHaveLength(1)
      receiver.answer = 204
      await passTime(10 * second)
      expect((await deliveries()).map((one) => one.status)).toEqual(['delivered', 'delivered'])
    },
  )

  it('to stop with 410 is disabled at once', async () => {
    receiver.answer = 410
    await world.append(3)
    await sender.turn()
    await sender.settle()
    expect(world.disabled.splice(0)).toMatchObject([{ webhookId, reason: 'gone' }])
    await world.append(1)
    await passTime(hour)
    expect(receiver.received.length).toBeLessThanOrEqual(3)
    expect(await readWebhook()).toMatchObject({ disabledReason: 'gone' })
  })
})
