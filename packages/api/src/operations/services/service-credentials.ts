import { getService, inTransaction, setServiceCredentials as storeCredentials } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import { recordAction } from '../record-action.ts'
import { presentService } from './present-service.ts'

/** What the vault binds a service's login to. */
export function credentialsBinding(serviceId: string): string {
  return `service.credentials ${serviceId}`
}

/** Throws `service.not_found`. */
export async function removeServiceCredentials(ctx: AuthenticatedContext, input: { readonly id: string }) {
  const ref = { workspaceId: ctx.credential.workspaceId, serviceId: input.id }
  const service = await inTransaction(ctx.db, async (tx) => {
    await storeCredentials(tx, { ...ref, sealed: null })
    await recordAction(tx, ctx, { action: 'service.credentials_removed', subjectId: input.id })
    return getService(tx, ref)
  })
  return { success: true as const, service: presentService(ctx, service) }
}
