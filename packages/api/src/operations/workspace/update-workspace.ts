import { inTransaction, updateWorkspace as changeWorkspace, type WorkspaceChanges } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { UpdateWorkspaceInput } from '../../contracts/index.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { recordAction } from '../record-action.ts'
import { presentWorkspace } from './read-workspace.ts'

/** Changes what is named. Shares that exist keep what they were created with until they are changed themselves. */
export async function updateWorkspace(ctx: AuthenticatedContext, input: UpdateWorkspaceInput) {
  const { workspaceId } = ctx.credential
  const row = await inTransaction(ctx.db, async (tx) => {
    const changed = await changeWorkspace(tx, workspaceId, columnsOf(input))
    if (changed === null) throw new AppError('auth.invalid')
    await recordAction(tx, ctx, {
      action: 'workspace.updated',
      subjectId: workspaceId,
      details: JSON.parse(JSON.stringify(input)) as Record<string, never>,
    })
    return changed
  })
  await ctx.ports.workspaceChanged(workspaceId)
  return presentWorkspace(row)
}

function columnsOf({ name, showsBranding, policy, mailAlerts }: UpdateWorkspaceInput): WorkspaceChanges {
  return omitUndefined({
    name,
    showsBranding,
    maxExpirySeconds: policy?.maxExpirySeconds,
    allowsNeverExpiring: policy?.allowsNeverExpiring,
    databasesReadOnly: policy?.databasesReadOnly,
    hidesTarget: policy?.hideTarget,
    mailsAgentOffline: mailAlerts?.agentOffline,
    mailsShareExpiring: mailAlerts?.shareExpiring,
  })
}
