import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import { releaseDeliveries } from './delivery-outcomes.ts'
import { refuseRetiredKey } from './encryption-keys.ts'
import type { Prisma } from './generated/client.ts'
import type { newId } from './new-id.ts'
import { pageFilter, type Page } from './page.ts'
import type { SealedRecord } from './sealed-record.ts'

const webhookColumns = {
  id: true,
  workspaceId: true,
  url: true,
  description: true,
  events: true,
  previousSecretExpiresAt: true,
  failingSince: true,
  disabledAt: true,
  disabledReason: true,
  createdAt: true,
  updatedAt: true,
} satisfies Prisma.WebhookSelect
export type WebhookRow = Prisma.WebhookGetPayload<{ select: typeof webhookColumns }>

/** Names a webhook in its workspace. */
export interface WebhookRef {
  readonly workspaceId: string
  readonly webhookId: string
}

export interface NewWebhook {
  /** Made before, since the secret is sealed for it. */
  readonly id: ReturnType<typeof newId<'hook'>>
  readonly workspaceId: string
  readonly url: string
  readonly description: string | null
  readonly events: readonly string[]
  readonly secret: SealedRecord
}

/** Each event is posted to all of them: without an end, one tenant could make a hub flood others. */
const webhooksMax = 100

/** It gets what happens from now on. Throws `webhook.limit`. */
export async function createWebhook(db: Queryable, { secret, ...input }: NewWebhook): Promise<WebhookRow> {
  return inTransaction(db, async (tx) => {
    await refuseRetiredKey(tx, secret.keyId)
    await refuseMany(tx, input.workspaceId)
    return tx.client.webhook.create({
      data: {
        ...input,
        events: [...input.events],
        secretCipher: secret.cipher,
        secretKeyId: secret.keyId,
        eventCursor: await readLastSeq(tx, input.workspaceId),
      },
      select: webhookColumns,
    })
  })
}

/** With the workspace's row locked, so that many at once are no more than may be. */
async function refuseMany(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.client.$queryRaw`SELECT id FROM workspaces WHERE id = ${workspaceId} FOR NO KEY UPDATE`
  const count = await tx.client.webhook.count({ where: { workspaceId, deletedAt: null } })
  if (count >= webhooksMax) throw new AppError('webhook.limit')
}

/** Throws `webhook.not_found`. */
export async function getWebhook(db: Queryable, { workspaceId, webhookId }: WebhookRef): Promise<WebhookRow> {
  const row = await db.client.webhook.findFirst({
    where: { id: webhookId, workspaceId, deletedAt: null },
    select: webhookColumns,
  })
  if (row === null) throw new AppError('webhook.not_found')
  return row
}

/** Newest first. */
export async function listWebhooks(
  db: Queryable,
  input: Page & { readonly workspaceId: string },
): Promise<WebhookRow[]> {
  return db.client.webhook.findMany({
    where: { workspaceId: input.workspaceId, deletedAt: null, ...pageFilter(input) },
    orderBy: { id: 'desc' },
    take: input.limit,
    select: webhookColumns,
  })
}

export interface WebhookChanges {
  readonly url?: string
  readonly description?: string | null
  readonly events?: readonly string[]
  /** True begins anew: what happened while it was disabled is not sent, what waited then is. */
  readonly isEnabled?: boolean
}

/** By the database's time, which deliveries wait by. */
interface Timed {
  readonly now: Date
}

/** Throws `webhook.not_found`. */
export async function updateWebhook(
  db: Queryable,
  { workspaceId, webhookId, now, ...changes }: WebhookRef & WebhookChanges & Timed,
): Promise<WebhookRow> {
  return inTransaction(db, async (tx) => {
    const ref = { workspaceId, webhookId }
    const before = await lockWebhook(tx, ref)
    const { url, description, events, isEnabled } = changes
    await tx.client.webhook.update({
      where: { id: webhookId },
      data: {
        ...(url === undefined ? {} : { url }),
        ...(description === undefined ? {} : { description }),
        ...(events === undefined ? {} : { events: [...events] }),
        ...(isEnabled === true && before.isDisabled ? await enabled(tx, workspaceId) : {}),
        ...(isEnabled === false && !before.isDisabled ? { disabledAt: now, disabledReason: 'user' } : {}),
      },
    })
    if (isEnabled === true && before.isDisabled) await releaseDeliveries(tx, webhookId, now)
    return getWebhook(tx, ref)
  })
}

async function enabled(tx: Queryable, workspaceId: string): Promise<Prisma.WebhookUpdateInput> {
  return {
    disabledAt: null,
    disabledReason: null,
    failingSince: null,
    probeAt: null,
    pausedUntil: null,
    eventCursor: await readLastSeq(tx, workspaceId),
  }
}

/** Soft: its deliveries stay listed nowhere, what waits is cancelled, its secrets are gone. Throws `webhook.not_found`. */
export async function deleteWebhook(db: Queryable, { now, ...ref }: WebhookRef & Timed): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockWebhook(tx, ref)
    await tx.client.webhook.update({ where: { id: ref.webhookId }, data: { deletedAt: now } })
    await eraseEndedWebhooks(tx, now)
  })
}

/** Of webhooks that are deleted, or whose workspace is: secrets and what waits to be sent. */
export async function eraseEndedWebhooks(tx: Queryable, now: Date): Promise<void> {
  await tx.client.$executeRaw`
    WITH ended AS (
      UPDATE webhooks w SET secret_cipher = '', previous_secret_cipher = NULL, previous_secret_key_id = NULL,
        deleted_at = coalesce(w.deleted_at, ${now}::timestamptz)
      FROM workspaces ws
      WHERE ws.id = w.workspace_id AND (w.deleted_at IS NOT NULL OR ws.deleted_at IS NOT NULL) AND w.secret_cipher <> ''
      RETURNING w.id
    )
    UPDATE deliveries SET status = 'cancelled', settled_at = ${now}, lease_expires_at = NULL
    WHERE webhook_id IN (SELECT id FROM ended) AND settled_at IS NULL`
}

export interface SecretRotation extends WebhookRef {
  readonly secret: SealedRecord
  /** Until then the old one signs too. */
  readonly previousExpiresAt: Date
}

/** Throws `webhook.not_found`. */
export async function rotateWebhookSecret(db: Queryable, input: SecretRotation): Promise<WebhookRow> {
  const { secret, previousExpiresAt, ...ref } = input
  return inTransaction(db, async (tx) => {
    await lockWebhook(tx, ref)
    await refuseRetiredKey(tx, secret.keyId)
    await tx.client.$executeRaw`
      UPDATE webhooks SET previous_secret_cipher = secret_cipher, previous_secret_key_id = secret_key_id,
        previous_secret_expires_at = ${previousExpiresAt}, secret_cipher = ${secret.cipher},
        secret_key_id = ${secret.keyId}, updated_at = now()
      WHERE id = ${ref.webhookId}`
    return getWebhook(tx, ref)
  })
}

async function lockWebhook(tx: Queryable, ref: WebhookRef): Promise<{ readonly isDisabled: boolean }> {
  const [row] = await tx.client.$queryRaw<{ isDisabled: boolean }[]>`
    SELECT disabled_at IS NOT NULL AS "isDisabled" FROM webhooks
    WHERE id = ${ref.webhookId} AND workspace_id = ${ref.workspaceId} AND deleted_at IS NULL FOR UPDATE`
  if (row === undefined) throw new AppError('webhook.not_found')
  return row
}

async function readLastSeq(tx: Queryable, workspaceId: string): Promise<bigint> {
  const row = await tx.client.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { lastEventSeq: true },
  })
  return row.lastEventSeq
}
