import { getWorkspace as findWorkspace, type WorkspaceRow } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'

/** The caller's workspace. */
export async function getWorkspace(ctx: AuthenticatedContext) {
  const row = await findWorkspace(ctx.db, ctx.credential.workspaceId)
  if (row === null) throw new AppError('auth.invalid')
  return presentWorkspace(row)
}

export function presentWorkspace(row: WorkspaceRow) {
  return {
    id: row.id,
    name: row.name,
    policy: {
      maxExpirySeconds: row.maxExpirySeconds,
      allowsNeverExpiring: row.allowsNeverExpiring,
      databasesReadOnly: row.databasesReadOnly,
      hideTarget: row.hidesTarget,
    },
    showsBranding: row.showsBranding,
    mailAlerts: { agentOffline: row.mailsAgentOffline, shareExpiring: row.mailsShareExpiring },
    createdAt: row.createdAt.toISOString(),
  }
}
