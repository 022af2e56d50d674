import { getWebhook as findWebhook, listWebhooks as findWebhooks } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { readPage, type PageRequest } from '../read-page.ts'
import { presentWebhook } from './present-webhook.ts'

/** The workspace's webhooks, newest first; never their secrets. */
export async function listWebhooks(ctx: AuthenticatedContext, input: PageRequest) {
  const { workspaceId } = ctx.credential
  return readPage(input, {
    list: `webhooks:${workspaceId}`,
    fetch: (page) => findWebhooks(ctx.db, { workspaceId, ...page }),
    position: (row) => row.id,
    present: (row) => presentWebhook(row, ctx.ports.nowMs()),
  })
}

/** Throws `webhook.not_found`. */
export async function getWebhook(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  const row = await findWebhook(ctx.db, { workspaceId, webhookId: input.id })
  return presentWebhook(row, ctx.ports.nowMs())
}
