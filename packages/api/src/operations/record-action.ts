import { appendAudit, type AuditInput, type Queryable } from '@private-connect/db'
import type { AuthenticatedContext } from '../context.ts'

type Action = Pick<AuditInput, 'action' | 'subjectId' | 'details'>

/** The audit row of an administrative action. Call it last in the transaction that does the action. */
export async function recordAction(tx: Queryable, ctx: AuthenticatedContext, action: Action): Promise<void> {
  const { credential, ipAddress } = ctx
  const actor =
    credential.kind === 'session'
      ? ({ actorKind: 'user', actorId: credential.userId } as const)
      : ({ actorKind: 'api_key', actorId: credential.id } as const)
  await appendAudit(tx, { workspaceId: credential.workspaceId, ...actor, ...action, ipAddress })
}
