import { inTransaction, type Queryable } from './create-db.ts'
import type { ClaimedDelivery } from './delivery-queue.ts'

export interface Attempt {
  readonly delivery: Pick<ClaimedDelivery, 'id' | 'webhookId' | 'leaseExpiresAt' | 'isProbe'>
  readonly now: Date
  /** Null where no answer came. */
  readonly statusCode: number | null
  readonly latencyMs: number
}

/**
 * Settles a delivery that its endpoint took. It may have lost its lease meanwhile: taken is taken. An endpoint that was
 * failing gets what waits for it, ten a second.
 */
export async function recordDelivered(db: Queryable, attempt: Attempt): Promise<void> {
  const { delivery, now, statusCode, latencyMs } = attempt
  await inTransaction(db, async (tx) => {
    const webhook = await lockEndpoint(tx, delivery.webhookId)
    await tx.client.delivery.updateMany({
      where: { id: delivery.id, settledAt: null },
      data: {
        status: 'delivered',
        settledAt: now,
        leaseExpiresAt: null,
        attemptCount: { increment: 1 },
        lastAttemptAt: now,
        lastStatusCode: statusCode,
        lastLatencyMs: latencyMs,
        lastError: null,
      },
    })
    if (webhook === undefined || webhook.failingSince === null) return
    await tx.client.webhook.update({
      where: { id: delivery.webhookId },
      data: { failingSince: null, probeAt: null, pausedUntil: null },
    })
    await releaseDeliveries(tx, delivery.webhookId, now)
  })
}

/** Whatever waits for an endpoint is due from now on, ten a second, the oldest first. */
export async function releaseDeliveries(tx: Queryable, webhookId: string, now: Date): Promise<void> {
  await tx.client.$executeRaw`
    WITH waiting AS (
      SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM deliveries
      WHERE webhook_id = ${webhookId} AND settled_at IS NULL AND (lease_expires_at IS NULL OR lease_expires_at <= ${now})
    )
    UPDATE deliveries d SET next_attempt_at = ${now}::timestamptz + waiting.place * interval '100 milliseconds'
    FROM waiting WHERE d.id = waiting.id`
}

export interface FailedAttempt extends Attempt {
  /** A sentence for its owner, without secrets. */
  readonly error: string
  /** When its own schedule goes on; null where that is at its end. */
  readonly nextAttemptAt: Date | null
  readonly probeEveryMs: number
  /** The endpoint asked to be left alone until then. */
  readonly pausedUntil: Date | null
  /** It said that it is gone for good. */
  readonly isGone: boolean
  /** Whether it says something of the endpoint; a test that its owner makes does not. */
  readonly countsAsFailing: boolean
  readonly disableAfterMs: number
}

export type DisabledReason = 'gone' | 'failing'

/** Nothing was tried for so long that an earlier failure says nothing of the time between. */
const probeForgottenMs = 6 * 3_600_000

/** Notes a failure, unless the lease is another's by now. Answers why the webhook was disabled with it, or null. */
export async function recordFailed(db: Queryable, attempt: FailedAttempt): Promise<DisabledReason | null> {
  const { delivery, now } = attempt
  return inTransaction(db, async (tx) => {
    const webhook = await lockEndpoint(tx, delivery.webhookId)
    const { count } = await tx.client.delivery.updateMany({
      where: { id: delivery.id, settledAt: null, leaseExpiresAt: delivery.leaseExpiresAt },
      data: {
        leaseExpiresAt: null,
        attemptCount: { increment: 1 },
        lastAttemptAt: now,
        lastStatusCode: attempt.statusCode,
        lastLatencyMs: attempt.latencyMs,
        lastError: attempt.error,
        ...(delivery.isProbe ? {} : afterStep(attempt)),
      },
    })
    if (count === 0 || webhook === undefined) return null
    return noteFailure(tx, webhook, attempt)
  })
}

function afterStep({ nextAttemptAt, now }: FailedAttempt) {
  const scheduleStep = { increment: 1 }
  if (nextAttemptAt !== null) return { scheduleStep, nextAttemptAt }
  return { scheduleStep, status: 'exhausted' as const, settledAt: now }
}

async function noteFailure(
  tx: Queryable,
  endpoint: Endpoint,
  attempt: FailedAttempt,
): Promise<DisabledReason | null> {
  const { delivery, now, isGone, countsAsFailing } = attempt
  if (!countsAsFailing && !isGone) return null
  const since = failingSince(endpoint, now)
  const isTooLong = now.getTime() - since.getTime() >= attempt.disableAfterMs
  const reason = endpoint.isDisabled ? null : whyDisabled(isGone, isTooLong)
  await tx.client.webhook.update({
    where: { id: delivery.webhookId },
    data: {
      failingSince: since,
      probeAt: new Date(now.getTime() + attempt.probeEveryMs),
      ...(attempt.pausedUntil === null ? {} : { pausedUntil: attempt.pausedUntil }),
      ...(reason === null ? {} : { disabledAt: now, disabledReason: reason }),
    },
  })
  return reason
}

function failingSince({ failingSince: since, probeAt }: Endpoint, now: Date): Date {
  const isForgotten = probeAt !== null && now.getTime() - probeAt.getTime() > probeForgottenMs
  return since === null || isForgotten ? now : since
}

function whyDisabled(isGone: boolean, isTooLong: boolean): DisabledReason | null {
  if (isGone) return 'gone'
  return isTooLong ? 'failing' : null
}

interface Endpoint {
  readonly failingSince: Date | null
  readonly probeAt: Date | null
  readonly isDisabled: boolean
}

/** Before its deliveries, as everybody who takes both does. */
async function lockEndpoint(tx: Queryable, webhookId: string): Promise<Endpoint | undefined> {
  const [row] = await tx.client.$queryRaw<Endpoint[]>`
    SELECT failing_since AS "failingSince", probe_at AS "probeAt", disabled_at IS NOT NULL AS "isDisabled"
    FROM webhooks WHERE id = ${webhookId} AND deleted_at IS NULL FOR UPDATE`
  return row
}

/** What waits for an endpoint that was disabled meanwhile has an end too. */
export async function exhaustDisabledDeliveries(db: Queryable, now: Date): Promise<void> {
  await db.client.$executeRaw`
    UPDATE deliveries d SET status = 'exhausted', settled_at = ${now}, lease_expires_at = NULL
    FROM webhooks w
    WHERE w.id = d.webhook_id AND w.disabled_at IS NOT NULL AND d.settled_at IS NULL AND d.expires_at <= ${now}`
}
