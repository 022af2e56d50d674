import { inTransaction, type Queryable } from './create-db.ts'
import { deliveryLifetimeMs } from './deliveries.ts'
import { listEventsAfter, type EventRow } from './events.ts'
import { newId } from './new-id.ts'
import type { SealedRecord } from './sealed-record.ts'

/** Events that one webhook is given in one transaction. */
const eventsPerFanOut = 500
const webhooksPerTurn = 100

interface BehindWebhook {
  readonly id: string
  readonly workspaceId: string
  readonly events: string[]
  readonly cursor: number
}

/**
 * Makes the deliveries of events that have none yet, and answers whether there may be more. Each webhook has a cursor
 * into its workspace's stream, whose numbers are in the order of commits: behind the cursor everything was seen, and
 * deliveries and cursor move in one transaction. Of several nodes, one does a webhook at a time.
 */
export async function fanOutEvents(
  db: Queryable,
  { now, bodyOf }: { readonly now: Date; readonly bodyOf: (event: EventRow) => string },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const behind = await tx.client.$queryRaw<BehindWebhook[]>`
      SELECT w.id, w.workspace_id AS "workspaceId", w.events, w.event_cursor::float8 AS cursor
      FROM webhooks w JOIN workspaces ws ON ws.id = w.workspace_id
      WHERE w.event_cursor < ws.last_event_seq AND w.disabled_at IS NULL AND w.deleted_at IS NULL
        AND ws.deleted_at IS NULL
      ORDER BY w.id LIMIT ${webhooksPerTurn} FOR UPDATE OF w SKIP LOCKED`
    for (const webhook of behind) await fanOutTo(tx, webhook, { now, bodyOf })
    return behind.length > 0
  })
}

async function fanOutTo(
  tx: Queryable,
  { id: webhookId, workspaceId, events: wanted, cursor }: BehindWebhook,
  { now, bodyOf }: { readonly now: Date; readonly bodyOf: (event: EventRow) => string },
): Promise<void> {
  const events = await listEventsAfter(tx, { workspaceId, seq: cursor, limit: eventsPerFanOut })
  const last = events.at(-1)
  const expiresAt = new Date(now.getTime() + deliveryLifetimeMs)
  const data = events
    .filter(({ type }) => wanted.includes(type))
    .map((event) => ({
      id: newId('dlv'),
      webhookId,
      workspaceId,
      eventId: event.id,
      eventType: event.type,
      body: bodyOf(event),
      createdAt: now,
      nextAttemptAt: now,
      expiresAt,
    }))
  if (data.length > 0) await tx.client.delivery.createMany({ data, skipDuplicates: true })
  if (last !== undefined) {
    await tx.client.webhook.update({ where: { id: webhookId }, data: { eventCursor: last.seq } })
    return
  }
  // Its events are older than events are kept.
  await tx.client.$executeRaw`
    UPDATE webhooks w SET event_cursor = ws.last_event_seq FROM workspaces ws
    WHERE w.id = ${webhookId} AND ws.id = w.workspace_id`
}

export interface ClaimedDelivery {
  readonly id: string
  readonly webhookId: string
  readonly workspaceId: string
  readonly url: string
  readonly eventId: string
  readonly body: string
  readonly attemptCount: number
  readonly scheduleStep: number
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Ends with the lease: whoever finishes later than that says nothing. */
  readonly leaseExpiresAt: Date
  /** Tried because the endpoint fails, not because it is its turn. */
  readonly isProbe: boolean
  readonly secret: SealedRecord
  readonly previousSecret: SealedRecord | null
}

export interface ClaimOptions {
  readonly now: Date
  readonly leaseMs: number
  readonly probeEveryMs: number
  readonly perWebhookMax: number
  /** Of one workspace, taken by this call. */
  readonly perWorkspaceMax: number
  /** Workspaces that have enough running already: theirs wait. */
  readonly busyWorkspaceIds: readonly string[]
  readonly deliveriesMax: number
}

/**
 * Takes what is due, for as long as the lease. The row of the webhook is the lock of its deliveries: of several nodes,
 * one looks at it at a time, so that together they never send it more than so many at once, and nothing twice.
 */
export async function claimDeliveries(db: Queryable, options: ClaimOptions): Promise<ClaimedDelivery[]> {
  const { now, leaseMs, perWebhookMax, perWorkspaceMax, probeEveryMs, deliveriesMax } = options
  if (deliveriesMax <= 0) return []
  return inTransaction(db, async (tx) => {
    const webhooks = await lockDueWebhooks(tx, options)
    if (webhooks.length === 0) return []
    const leaseExpiresAt = new Date(now.getTime() + leaseMs)
    const { leaseMax } = latestTimes(options)
    const probed = webhooks.filter(({ isProbed }) => isProbed).map(({ id }) => id)
    const rows = await tx.client.$queryRaw<ClaimRow[]>`
      WITH picked AS (
        SELECT d.id, d.workspace_id, false AS is_probe FROM unnest(${webhooks.map(({ id }) => id)}::text[]) AS w(id)
        CROSS JOIN LATERAL (
          SELECT id, workspace_id FROM deliveries
          WHERE webhook_id = w.id AND settled_at IS NULL AND next_attempt_at <= ${now}
            AND (lease_expires_at > ${now} AND lease_expires_at <= ${leaseMax}) IS NOT TRUE
          ORDER BY next_attempt_at, id
          LIMIT greatest(0, ${perWebhookMax}::int - (SELECT count(*) FROM deliveries l
            WHERE l.webhook_id = w.id AND l.settled_at IS NULL AND l.lease_expires_at > ${now}
              AND l.lease_expires_at <= ${leaseMax})::int)
        ) d
        UNION ALL
        SELECT d.id, d.workspace_id, true FROM unnest(${probed}::text[]) AS w(id)
        CROSS JOIN LATERAL (
          SELECT id, workspace_id, next_attempt_at, lease_expires_at FROM deliveries
          WHERE webhook_id = w.id AND settled_at IS NULL
          ORDER BY created_at, id LIMIT 1
        ) d WHERE d.next_attempt_at > ${now}
          AND (d.lease_expires_at > ${now} AND d.lease_expires_at <= ${leaseMax}) IS NOT TRUE
      ), placed AS (
        SELECT *, row_number() OVER (PARTITION BY workspace_id ORDER BY is_probe DESC) AS place FROM picked
      ), taken AS (
        SELECT * FROM placed WHERE place <= ${perWorkspaceMax}::int ORDER BY is_probe DESC, place LIMIT ${deliveriesMax}
      )
      UPDATE deliveries d SET lease_expires_at = ${leaseExpiresAt}
      FROM taken, webhooks w WHERE d.id = taken.id AND w.id = d.webhook_id
      RETURNING d.id, d.webhook_id AS "webhookId", d.workspace_id AS "workspaceId", w.url, d.event_id AS "eventId",
        d.body, d.attempt_count AS "attemptCount", d.schedule_step AS "scheduleStep", d.created_at AS "createdAt",
        d.expires_at AS "expiresAt", d.lease_expires_at AS "leaseExpiresAt", taken.is_probe AS "isProbe",
        w.secret_cipher AS "cipher", w.secret_key_id AS "keyId",
        CASE WHEN w.previous_secret_expires_at > ${now} THEN w.previous_secret_cipher END AS "previousCipher",
        w.previous_secret_key_id AS "previousKeyId"`
    const tried = rows.filter(({ isProbe }) => isProbe).map(({ webhookId }) => webhookId)
    if (tried.length > 0) {
      const probeAt = new Date(now.getTime() + probeEveryMs)
      await tx.client.webhook.updateMany({ where: { id: { in: tried } }, data: { probeAt } })
    }
    return rows.map(toClaimed)
  })
}

interface ClaimRow extends Omit<ClaimedDelivery, 'secret' | 'previousSecret'> {
  readonly cipher: Uint8Array<ArrayBuffer>
  readonly keyId: string
  readonly previousCipher: Uint8Array<ArrayBuffer> | null
  readonly previousKeyId: string | null
}

function toClaimed({ cipher, keyId, previousCipher, previousKeyId, ...row }: ClaimRow): ClaimedDelivery {
  const hasPrevious = previousCipher !== null && previousKeyId !== null
  return {
    ...row,
    secret: { cipher, keyId },
    previousSecret: hasPrevious ? { cipher: previousCipher, keyId: previousKeyId } : null,
  }
}

/**
 * What is noted for later than this was noted by a clock that was ahead and has been set back since, and counts as now: an
 * endpoint must not wait for a day because the clock was a day ahead. Twice as long as it may be, as nodes differ a little.
 */
function latestTimes({ now, leaseMs, probeEveryMs }: Pick<ClaimOptions, 'now' | 'leaseMs' | 'probeEveryMs'>) {
  return {
    leaseMax: new Date(now.getTime() + 2 * leaseMs),
    probeMax: new Date(now.getTime() + 2 * probeEveryMs),
  }
}

async function lockDueWebhooks(
  tx: Queryable,
  options: ClaimOptions,
): Promise<{ readonly id: string; readonly isProbed: boolean }[]> {
  const { now, busyWorkspaceIds } = options
  const { leaseMax, probeMax } = latestTimes(options)
  return tx.client.$queryRaw`
    SELECT w.id, coalesce(w.probe_at <= ${now} OR w.probe_at > ${probeMax}, false) AS "isProbed" FROM webhooks w
    JOIN workspaces ws ON ws.id = w.workspace_id
    WHERE w.disabled_at IS NULL AND w.deleted_at IS NULL AND ws.deleted_at IS NULL
      AND (w.paused_until IS NULL OR w.paused_until <= ${now})
      AND w.workspace_id <> ALL(${busyWorkspaceIds}::text[])
      AND EXISTS (
        SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.settled_at IS NULL
          AND (d.lease_expires_at > ${now} AND d.lease_expires_at <= ${leaseMax}) IS NOT TRUE
          AND (d.next_attempt_at <= ${now} OR w.probe_at <= ${now} OR w.probe_at > ${probeMax}))
    ORDER BY random() LIMIT ${webhooksPerTurn} FOR UPDATE OF w SKIP LOCKED`
}

/** When something is due next; null while nothing waits. What is running counts when its lease ends. */
export async function findNextDueAt(db: Queryable): Promise<Date | null> {
  const [row] = await db.client.$queryRaw<{ dueAt: Date | null }[]>`
    SELECT min(greatest(least(d.next_attempt_at, w.probe_at), d.lease_expires_at, w.paused_until)) AS "dueAt"
    FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id JOIN workspaces ws ON ws.id = w.workspace_id
    WHERE d.settled_at IS NULL AND w.disabled_at IS NULL AND w.deleted_at IS NULL AND ws.deleted_at IS NULL`
  return row?.dueAt ?? null
}
