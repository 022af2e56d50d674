import {
  createDelivery,
  getDelivery,
  getWebhook,
  inTransaction,
  listDeliveries as findDeliveries,
  newId,
  redeliver,
  type DeliveryRow,
  type Queryable,
  type WebhookRef,
} from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { Delivery, ListDeliveriesInput, RedeliverManyInput } from '../../contracts/index.ts'
import { composeTestPayload, testEventType } from '../../webhooks/compose-payload.ts'
import { readPage } from '../read-page.ts'
import { recordAction } from '../record-action.ts'

/** A test has one attempt: its owner looks at it now. */
const testScheduleStep = 1000

/** A webhook's deliveries, newest first. Throws `webhook.not_found`. */
export async function listDeliveries(
  ctx: AuthenticatedContext,
  { id: webhookId, status, event: eventType, from, to, ...page }: ListDeliveriesInput,
) {
  const { workspaceId } = ctx.credential
  await getWebhook(ctx.db, { workspaceId, webhookId })
  const filter = { status, eventType, from, to }
  return readPage(page, {
    list: `deliveries:${workspaceId}:${webhookId}`,
    fetch: (part) => findDeliveries(ctx.db, { webhookId, filter, ...part }),
    position: (row) => row.id,
    present: presentDelivery,
  })
}

/** Sends a signed `webhook.test` at once, and once. Throws `webhook.not_found`, `webhook.disabled`. */
export async function testWebhook(ctx: AuthenticatedContext, { id: webhookId }: { readonly id: string }) {
  const ref = { workspaceId: ctx.credential.workspaceId, webhookId }
  const now = new Date(ctx.ports.nowMs())
  const eventId = newId('evt')
  const row = await inTransaction(ctx.db, async (tx) => {
    await refuseDisabled(tx, { workspaceId: ctx.credential.workspaceId, webhookId })
    const created = await createDelivery(tx, {
      ...ref,
      eventId,
      eventType: testEventType,
      body: composeTestPayload({ id: eventId, webhookId, at: now }),
      scheduleStep: testScheduleStep,
      now,
    })
    await recordAction(tx, ctx, { action: 'webhook.tested', subjectId: webhookId })
    return created
  })
  ctx.ports.webhooks.deliveriesDue()
  return { success: true as const, delivery: presentDelivery(row) }
}

/** Sends one delivery again, with the same id. Throws `delivery.not_found`, `webhook.disabled`. */
export async function redeliverOne(ctx: AuthenticatedContext, { id: deliveryId }: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  const row = await inTransaction(ctx.db, async (tx) => {
    const { webhookId, eventId } = await getDelivery(tx, { workspaceId, deliveryId })
    await refuseDisabled(tx, { workspaceId: ctx.credential.workspaceId, webhookId })
    await redeliver(tx, { webhookId, deliveryId, now: new Date(ctx.ports.nowMs()) })
    await recordAction(tx, ctx, {
      action: 'webhook.redelivered',
      subjectId: deliveryId,
      details: { eventId },
    })
    return getDelivery(tx, { workspaceId, deliveryId })
  })
  ctx.ports.webhooks.deliveriesDue()
  return { success: true as const, delivery: presentDelivery(row) }
}

/** Sends all again that were made in a time and have that status. Throws `webhook.not_found`, `webhook.disabled`. */
export async function redeliverMany(
  ctx: AuthenticatedContext,
  { id: webhookId, status, from, to }: RedeliverManyInput,
) {
  const count = await inTransaction(ctx.db, async (tx) => {
    await refuseDisabled(tx, { workspaceId: ctx.credential.workspaceId, webhookId })
    const filter = { status, from, to }
    const again = await redeliver(tx, { webhookId, filter, now: new Date(ctx.ports.nowMs()) })
    await recordAction(tx, ctx, {
      action: 'webhook.redelivered',
      subjectId: webhookId,
      details: {
        status,
        from: from?.toISOString() ?? null,
        to: to?.toISOString() ?? null,
        count: again,
      },
    })
    return again
  })
  ctx.ports.webhooks.deliveriesDue()
  return { success: true as const, count }
}

async function refuseDisabled(tx: Queryable, ref: WebhookRef): Promise<void> {
  const { disabledAt } = await getWebhook(tx, ref)
  if (disabledAt !== null) throw new AppError('webhook.disabled')
}

function presentDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    webhookId: row.webhookId,
    eventId: row.eventId,
    event: row.eventType,
    status: row.status,
    attemptCount: row.attemptCount,
    nextAttemptAt: row.settledAt === null ? row.nextAttemptAt.toISOString() : null,
    lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
    lastStatusCode: row.lastStatusCode,
    lastError: row.lastError,
    lastLatencyMs: row.lastLatencyMs,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  }
}
