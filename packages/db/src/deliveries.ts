import { AppError } from '@private-connect/errors'
import type { Queryable } from './create-db.ts'
import type { DeliveryStatus, Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'
import { pageFilter, type Page } from './page.ts'

const deliveryColumns = {
  id: true,
  webhookId: true,
  eventId: true,
  eventType: true,
  status: true,
  attemptCount: true,
  nextAttemptAt: true,
  lastAttemptAt: true,
  lastStatusCode: true,
  lastError: true,
  lastLatencyMs: true,
  createdAt: true,
  settledAt: true,
} satisfies Prisma.DeliverySelect
export type DeliveryRow = Prisma.DeliveryGetPayload<{ select: typeof deliveryColumns }>

/** It is not given up for at least this long. */
export const deliveryLifetimeMs = 3 * 86_400_000

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined
  readonly eventType?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Deliveries of a webhook that exists, newest first. */
export async function listDeliveries(
  db: Queryable,
  input: Page & { readonly webhookId: string; readonly filter: DeliveryFilter },
): Promise<DeliveryRow[]> {
  return db.client.delivery.findMany({
    where: { webhookId: input.webhookId, ...toWhere(input.filter), ...pageFilter(input) },
    orderBy: { id: 'desc' },
    take: input.limit,
    select: deliveryColumns,
  })
}

function toWhere({ status, eventType, from, to }: DeliveryFilter): Prisma.DeliveryWhereInput {
  const isTimed = from !== undefined || to !== undefined
  return {
    ...(status === undefined ? {} : { status }),
    ...(eventType === undefined ? {} : { eventType }),
    ...(isTimed ? { createdAt: { ...(from && { gte: from }), ...(to && { lt: to }) } } : {}),
  }
}

export interface TestDelivery {
  readonly workspaceId: string
  readonly webhookId: string
  readonly eventId: string
  readonly eventType: string
  readonly body: string
  /** So that its first attempt is its last. */
  readonly scheduleStep: number
  readonly now: Date
}

/** One delivery whose event is in no stream. */
export async function createDelivery(db: Queryable, { now, ...input }: TestDelivery): Promise<DeliveryRow> {
  return db.client.delivery.create({
    data: { ...input, id: newId('dlv'), createdAt: now, nextAttemptAt: now, expiresAt: now },
    select: deliveryColumns,
  })
}

/** A delivery with the webhook that it is of. Throws `delivery.not_found`. */
export async function getDelivery(
  db: Queryable,
  { workspaceId, deliveryId }: { readonly workspaceId: string; readonly deliveryId: string },
): Promise<DeliveryRow> {
  const row = await db.client.delivery.findFirst({
    where: { id: deliveryId, workspaceId, webhook: { deletedAt: null } },
    select: deliveryColumns,
  })
  if (row === null) throw new AppError('delivery.not_found')
  return row
}

export interface Redelivery {
  readonly webhookId: string
  readonly now: Date
  /** One delivery, or all that fit a filter. */
  readonly deliveryId?: string
  readonly filter?: DeliveryFilter
}

/**
 * Sends again what is settled, and at once what waits, from the first step of the schedule on; ten a second, the oldest
 * first. Answers how many that are.
 */
export async function redeliver(
  tx: Queryable,
  { webhookId, now, deliveryId, filter = {} }: Redelivery,
): Promise<number> {
  const { status = null, eventType = null, from = null, to = null } = filter
  const id = deliveryId ?? null
  return tx.client.$executeRaw`
    WITH again AS (
      SELECT id, row_number() OVER (ORDER BY created_at, id) - 1 AS place FROM deliveries
      WHERE webhook_id = ${webhookId} AND status <> 'cancelled'
        AND (${id}::text IS NULL OR id = ${id}) AND (${status}::text IS NULL OR status::text = ${status})
        AND (${eventType}::text IS NULL OR event_type = ${eventType})
        AND (${from}::timestamptz IS NULL OR created_at >= ${from})
        AND (${to}::timestamptz IS NULL OR created_at < ${to})
    )
    UPDATE deliveries d SET status = 'pending', settled_at = NULL, schedule_step = 0,
      next_attempt_at = ${now}::timestamptz + again.place * interval '100 milliseconds',
      expires_at = ${now}::timestamptz + interval '3 days'
    FROM again WHERE d.id = again.id`
}

/** Settled ones of before that moment, at most so many; answers how many that were. */
export async function deleteOldDeliveries(
  db: Queryable,
  input: { readonly before: Date; readonly rowsMax: number },
): Promise<number> {
  return db.client.$executeRaw`
    DELETE FROM deliveries WHERE id IN (
      SELECT id FROM deliveries WHERE settled_at < ${input.before} ORDER BY settled_at LIMIT ${input.rowsMax})`
}
