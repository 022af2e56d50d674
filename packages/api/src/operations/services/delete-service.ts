import { deleteService as removeService, inTransaction } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { recordAction } from '../record-action.ts'

/** Ends a service with the commit; logs and audit stay. Whoever uses its shares is cut off. Throws `service.not_found`. */
export async function deleteService(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  await inTransaction(ctx.db, async (tx) => {
    await removeService(tx, { workspaceId, serviceId: input.id })
    await recordAction(tx, ctx, { action: 'service.deleted', subjectId: input.id })
  })
  await ctx.ports.serviceChanged(input.id)
  return { success: true as const }
}
