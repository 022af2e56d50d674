import { getService as findService, listServices as findServices } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { readPage, type PageRequest } from '../read-page.ts'
import { presentService } from './present-service.ts'

/** The workspace's services, newest first. */
export async function listServices(ctx: AuthenticatedContext, input: PageRequest) {
  const { workspaceId } = ctx.credential
  return readPage(input, {
    list: `services:${workspaceId}`,
    fetch: (page) => findServices(ctx.db, { workspaceId, ...page }),
    position: (row) => row.id,
    present: (row) => presentService(ctx, row),
  })
}

/** Throws `service.not_found`. */
export async function getService(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  return presentService(ctx, await findService(ctx.db, { workspaceId, serviceId: input.id }))
}
