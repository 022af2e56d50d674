import {
  getShare as findShare,
  listShares as findShares,
  listSharesOfService as findSharesOfService,
  type ShareRow,
} from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { readPage, type ListQuery, type PageRequest } from '../read-page.ts'
import { presentShare } from './present-share.ts'

/** All of the workspace's shares, newest first. */
export async function listShares(ctx: AuthenticatedContext, input: PageRequest) {
  const { workspaceId } = ctx.credential
  return readPage(input, {
    ...sharesAs(ctx, `shares:${workspaceId}`),
    fetch: (page) => findShares(ctx.db, { workspaceId, ...page }),
  })
}

/** A service's shares, newest first. Throws `service.not_found`. */
export async function listSharesOfService(
  ctx: AuthenticatedContext,
  { serviceId, ...page }: PageRequest & { readonly serviceId: string },
) {
  const { workspaceId } = ctx.credential
  return readPage(page, {
    ...sharesAs(ctx, `shares:${workspaceId}:${serviceId}`),
    fetch: (slice) => findSharesOfService(ctx.db, { workspaceId, serviceId, ...slice }),
  })
}

/** Throws `share.not_found`. */
export async function getShare(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  return presentShare(ctx, await findShare(ctx.db, { workspaceId, shareId: input.id }))
}

function sharesAs(ctx: AuthenticatedContext, list: string) {
  return {
    list,
    position: (row: ShareRow) => row.id,
    present: (row: ShareRow) => presentShare(ctx, row),
  } satisfies Partial<ListQuery<ShareRow, unknown>>
}
