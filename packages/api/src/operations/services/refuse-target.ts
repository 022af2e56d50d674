import type { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'

/**
 * Throws `request.invalid` for an external target that the hub would not dial (SSRF-10), so that a mistake shows at
 * once. The dial checks again each time: what a name leads to may change.
 */
export async function refuseTarget(
  { ports, credential }: Pick<AuthenticatedContext, 'ports' | 'credential'>,
  target: { readonly targetHost: string; readonly targetPort: number },
): Promise<void> {
  if (!(await ports.machines.mayDial({ ...target, workspaceId: credential.workspaceId })))
    throw refusedTarget()
}

export function refusedTarget(): AppError {
  const message =
    'The hub does not dial this target. Private addresses are dialled only where its operator lists them in ALLOW_PRIVATE_TARGETS'
  return invalidRequest([{ path: 'targetHost', message }])
}
