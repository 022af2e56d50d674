import { getService, inTransaction, setServiceCredentials as storeCredentials } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { ServiceCredentials } from '../../contracts/index.ts'
import { recordAction } from '../record-action.ts'
import { presentService } from './present-service.ts'

/** What the vault binds a service's login to. */
export function credentialsBinding(serviceId: string): string {
  return `service.credentials ${serviceId}`
}

/** Stores a database login, encrypted; nothing ever answers it. Throws `service.not_found`. */
export async function setServiceCredentials(
  ctx: AuthenticatedContext,
  { id, ...login }: ServiceCredentials & { readonly id: string },
) {
  const ref = { workspaceId: ctx.credential.workspaceId, serviceId: id }
  const sealed = ctx.ports.machines.vault.seal(credentialsBinding(id), JSON.stringify(login))
  const service = await inTransaction(ctx.db, async (tx) => {
    await storeCredentials(tx, { ...ref, sealed })
    await recordAction(tx, ctx, { action: 'service.credentials_set', subjectId: id })
    return getService(tx, ref)
  })
  return { success: true as const, service: presentService(ctx, service) }
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
