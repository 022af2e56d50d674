import { getService, setServiceStatus } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'

const checksPerMin = 60

/**
 * Dials a service end to end, as a visitor's request would be, and notes what was found. That it does not answer is a
 * finding, not a failure. Throws `service.not_found`, `request.rate_limited`.
 */
export async function checkService(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const { workspaceId } = ctx.credential
  const service = await getService(ctx.db, { workspaceId, serviceId: input.id })
  await ctx.ports.machines.countAttempt(`check ${workspaceId}`, checksPerMin)
  const { check, status } = await ctx.ports.machines.checkService(service)
  const checkedAt = new Date(ctx.ports.nowMs())
  await setServiceStatus(ctx.db, { workspaceId, serviceId: service.id, status, checkedAt })
  return { success: true as const, check }
}
