import { inTransaction, upsertService, type ServiceInput } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { recordAction } from '../record-action.ts'
import { presentService } from './present-service.ts'
import { refusedTarget } from './refuse-target.ts'

export type ServiceTarget = Pick<ServiceInput, 'name' | 'targetHost' | 'targetPort' | 'protocol' | 'engine'>

/**
 * Registers a service behind an agent, or updates the one of that name if it is the same agent's.
 * Throws `agent.not_found`, `service.name_taken`.
 */
export async function registerService(
  ctx: AuthenticatedContext,
  { agentId, ...target }: ServiceTarget & { readonly agentId: string },
) {
  return writeService(ctx, agentId, target)
}

/** The caller, and whether the hub would dial the target: asked before any transaction. */
interface DialledContext extends AuthenticatedContext {
  readonly mayDial: boolean
}

/** Registers a service that the hub dials itself. Throws `service.name_taken`, `request.invalid` for a target that it does not dial. */
export async function registerExternalService(ctx: DialledContext, target: ServiceTarget) {
  if (!ctx.mayDial) throw refusedTarget()
  return writeService(ctx, null, target)
}

async function writeService(ctx: AuthenticatedContext, agentId: string | null, target: ServiceTarget) {
  const { workspaceId } = ctx.credential
  const { service, isMoved } = await inTransaction(ctx.db, async (tx) => {
    const written = await upsertService(tx, { workspaceId, agentId, ...target })
    await recordAction(tx, ctx, {
      action: written.isNew ? 'service.registered' : 'service.updated',
      subjectId: written.service.id,
      details: { agentId, ...omitUndefined(target) },
    })
    return written
  })
  if (isMoved) await ctx.ports.serviceChanged(service.id)
  return { success: true as const, service: presentService(ctx, service) }
}
