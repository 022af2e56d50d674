import { getService, inTransaction, setServiceCredentials as storeCredentials } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { ServiceCredentials } from '../../contracts/index.ts'
import { recordAction } from '../record-action.ts'
import { presentService } from './present-service.ts'
import { credentialsBinding } from './service-credentials.ts'

const inspectionsPerMin = 30

/**
 * Stores a database login, encrypted; nothing ever answers it. The database is asked first what the login may do: a
 * superuser-like one is refused unless it is confirmed, and whoever cannot be asked now is asked at each query. Throws
 * `service.not_found`, `query.role_refused`, `request.rate_limited`.
 */
export async function setServiceCredentials(
  ctx: AuthenticatedContext,
  { id, ...login }: ServiceCredentials & { readonly id: string },
) {
  const { workspaceId } = ctx.credential
  const { machines } = ctx.ports
  const ref = { workspaceId, serviceId: id }
  const target = await getService(ctx.db, ref)
  await machines.countAttempt(`login ${workspaceId}`, inspectionsPerMin)
  const { privilege, problem } = await machines.inspectLogin(target, login)
  if (privilege !== null && !login.allowPrivilegedRole) throw refusePrivilege(privilege)
  const sealed = machines.vault.seal(credentialsBinding(id), JSON.stringify(login))
  const service = await inTransaction(ctx.db, async (tx) => {
    await storeCredentials(tx, { ...ref, sealed })
    await recordAction(tx, ctx, {
      action: 'service.credentials_set',
      subjectId: id,
      details: { isPrivileged: privilege !== null },
    })
    return getService(tx, ref)
  })
  return { success: true as const, service: presentService(ctx, service), warning: privilege ?? problem }
}

function refusePrivilege(privilege: string): AppError {
  return new AppError(
    'query.role_refused',
    `${privilege} Give it a login that may only read, or confirm this one with allowPrivilegedRole.`,
  )
}
