import {
  getService,
  inTransaction,
  updateService as changeService,
  type ServiceChange,
} from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { recordAction } from '../record-action.ts'
import { presentService } from './present-service.ts'
import { refuseTarget } from './refuse-target.ts'

/**
 * Changes what is given. Led elsewhere, it is cut for those who use it, and unknown until it is checked. Throws
 * `service.not_found`, `service.name_taken`, `request.invalid` for a target that the hub does not dial.
 */
export async function updateService(
  ctx: AuthenticatedContext,
  { id, ...change }: ServiceChange & { readonly id: string },
) {
  const { workspaceId } = ctx.credential
  const ref = { workspaceId, serviceId: id }
  const before = await getService(ctx.db, ref)
  const { targetHost = before.targetHost, targetPort = before.targetPort } = change
  // An old target is the dial's to refuse: its owner must still be able to rename the service.
  const isNewTarget = targetHost !== before.targetHost || targetPort !== before.targetPort
  if (before.isExternal && isNewTarget) await refuseTarget(ctx, { targetHost, targetPort })
  const { service, isMoved } = await inTransaction(ctx.db, async (tx) => {
    const changed = await changeService(tx, { ...ref, ...change })
    const details = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    await recordAction(tx, ctx, { action: 'service.updated', subjectId: id, details })
    return changed
  })
  if (isMoved) await ctx.ports.serviceChanged(id)
  return { success: true as const, service: presentService(ctx, service) }
}
