import {
  inTransaction,
  listWritableShareIds,
  updateWorkspace as changeWorkspace,
  type WorkspaceChanges,
} from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { UpdateWorkspaceInput } from '../../contracts/index.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { recordAction } from '../record-action.ts'
import { presentWorkspace } from './read-workspace.ts'

/**
 * Changes what is named. Shares that exist keep what they were created with until they are changed themselves; but where
 * databases become read-only they are so at once, and queries that may be writing are cut.
 */
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
  const narrowed =
    input.policy?.databasesReadOnly === true ? await listWritableShareIds(ctx.db, workspaceId) : []
  await Promise.all(narrowed.map(async (shareId) => ctx.ports.shareChanged(shareId)))
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
