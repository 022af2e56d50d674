import {
  deleteWebhook as removeWebhook,
  getWebhook,
  inTransaction,
  rotateWebhookSecret,
  updateWebhook as storeChanges,
} from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { UpdateWebhookInput } from '../../contracts/index.ts'
import { mintWebhookSecret, webhookSecretBinding } from '../../webhooks/webhook-secret.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { recordAction } from '../record-action.ts'
import { presentWebhook } from './present-webhook.ts'
import { refusedUrl } from './refuse-url.ts'

/** How long both secrets sign after a rotation. */
const overlapMs = 24 * 3_600_000

/** Throws `webhook.not_found`, `request.invalid` for a URL that the hub does not call. */
export async function updateWebhook(ctx: AuthenticatedContext, { id, ...input }: UpdateWebhookInput) {
  const { workspaceId } = ctx.credential
  const ref = { workspaceId, webhookId: id }
  const { url, ...others } = omitUndefined(input)
  if (url !== undefined) {
    await getWebhook(ctx.db, ref)
    if (!(await ctx.ports.webhooks.mayCall({ workspaceId, url }))) throw refusedUrl()
  }
  const row = await inTransaction(ctx.db, async (tx) => {
    const now = new Date(ctx.ports.nowMs())
    const changed = await storeChanges(tx, { ...ref, ...omitUndefined(input), now })
    await recordAction(tx, ctx, {
      action: 'webhook.updated',
      subjectId: id,
      details: { ...others, ...(url === undefined ? {} : { host: new URL(url).host }) },
    })
    return changed
  })
  ctx.ports.webhooks.deliveriesDue()
  return { success: true as const, webhook: presentWebhook(row, ctx.ports.nowMs()) }
}

/** What waits is cancelled, its secrets are erased. Throws `webhook.not_found`. */
export async function deleteWebhook(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  await inTransaction(ctx.db, async (tx) => {
    await removeWebhook(tx, { workspaceId, webhookId: input.id, now: new Date(ctx.ports.nowMs()) })
    await recordAction(tx, ctx, { action: 'webhook.deleted', subjectId: input.id })
  })
  return { success: true as const }
}

/** A new secret, shown this once; for a day requests carry signatures by both. Throws `webhook.not_found`. */
export async function rotateSecret(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const secret = mintWebhookSecret()
  const row = await inTransaction(ctx.db, async (tx) => {
    const rotated = await rotateWebhookSecret(tx, {
      workspaceId: ctx.credential.workspaceId,
      webhookId: input.id,
      secret: ctx.ports.machines.vault.seal(webhookSecretBinding(input.id), secret),
      previousExpiresAt: new Date(ctx.ports.nowMs() + overlapMs),
    })
    await recordAction(tx, ctx, { action: 'webhook.secret_rotated', subjectId: input.id })
    return rotated
  })
  return { success: true as const, webhook: presentWebhook(row, ctx.ports.nowMs()), secret }
}
