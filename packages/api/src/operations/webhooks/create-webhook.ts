import { createWebhook as addWebhook, inTransaction, newId } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { CreateWebhookInput } from '../../contracts/index.ts'
import { mintWebhookSecret, webhookSecretBinding } from '../../webhooks/webhook-secret.ts'
import { recordAction } from '../record-action.ts'
import { presentWebhook } from './present-webhook.ts'
import { refusedUrl } from './refuse-url.ts'

/** The caller, and whether the hub would call the URL: asked before any transaction. */
interface CheckedContext extends AuthenticatedContext {
  readonly mayCall: boolean
}

/** A webhook with its secret, which is shown this once. Throws `webhook.limit`, and `request.invalid` for a URL that the hub does not call. */
export async function createWebhook(ctx: CheckedContext, input: CreateWebhookInput) {
  if (!ctx.mayCall) throw refusedUrl()
  const secret = mintWebhookSecret()
  const id = newId('hook')
  const row = await inTransaction(ctx.db, async (tx) => {
    const created = await addWebhook(tx, {
      id,
      workspaceId: ctx.credential.workspaceId,
      url: input.url,
      description: input.description ?? null,
      events: input.events,
      secret: ctx.ports.machines.vault.seal(webhookSecretBinding(id), secret),
    })
    await recordAction(tx, ctx, {
      action: 'webhook.created',
      subjectId: id,
      details: { host: new URL(input.url).host, events: [...input.events] },
    })
    return created
  })
  return { success: true as const, webhook: presentWebhook(row, ctx.ports.nowMs()), secret }
}
