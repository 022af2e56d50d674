import { deleteSession, getWorkspace, inTransaction } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext, SessionContext } from '../../context.ts'
import { endedSessionCookies } from '../../credentials/session-lifetime.ts'
import { recordAction } from '../record-action.ts'

/** Who calls, and for which workspace. */
export async function getMe(ctx: AuthenticatedContext) {
  const { credential } = ctx
  const workspace = await getWorkspace(ctx.db, credential.workspaceId)
  if (workspace === null) throw new AppError('auth.invalid')
  return {
    user: credential.kind === 'session' ? { id: credential.userId, email: credential.userEmail } : null,
    workspace: { id: workspace.id, name: workspace.name },
  }
}

/** Ends the session that calls, and its cookie. */
export async function logOut(ctx: SessionContext) {
  const { id, tokenHash, workspaceId } = ctx.credential
  await inTransaction(ctx.db, async (tx) => {
    await deleteSession(tx, tokenHash)
    await recordAction(tx, ctx, { action: 'session.ended', subjectId: id })
  })
  ctx.ports.credentialsChanged(workspaceId)
  // In place of a cookie that this request renewed.
  ctx.answerHeaders.delete('set-cookie')
  for (const cookie of endedSessionCookies(ctx.ports.hubUrl)) ctx.answerHeaders.append('set-cookie', cookie)
  return { success: true as const }
}
