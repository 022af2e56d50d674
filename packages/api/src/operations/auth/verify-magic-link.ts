import {
  appendAudit,
  consumeMagicLink,
  createSession,
  createUserWithWorkspace,
  findUserByEmail,
  findWorkspaceOfUser,
  inTransaction,
  type MagicLinkRow,
  type Queryable,
} from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { ApiContext } from '../../context.ts'
import { sessionCookie, sessionEnd } from '../../credentials/session-lifetime.ts'
import { hashToken, isToken, mintToken } from '../../credentials/tokens.ts'

/**
 * Uses a sign-in link up and sets the cookie of a new session; an older session of this browser is not taken
 * over. Of any number of callers at once one succeeds. Throws `auth.link_invalid`.
 */
export async function verifyMagicLink(ctx: ApiContext, input: { readonly token: string }) {
  if (!isToken('magicLink', input.token)) throw new AppError('auth.link_invalid')
  const token = mintToken('session')
  const holder = await inTransaction(ctx.db, async (tx) => {
    const link = await consumeMagicLink(tx, hashToken(input.token))
    if (link === null) throw new AppError('auth.link_invalid')
    const found = await findHolder(tx, link)
    await startSession(tx, ctx, { token, userId: found.user.id, workspaceId: found.workspace.id })
    return found
  })
  ctx.answerHeaders.append('set-cookie', sessionCookie(token, ctx.ports.hubUrl))
  const { user, workspace, isNewUser } = holder
  return {
    success: true as const,
    user: { id: user.id, email: user.email },
    workspace: { id: workspace.id, name: workspace.name },
    isNewUser,
  }
}

async function findHolder(tx: Queryable, link: MagicLinkRow) {
  if (link.purpose === 'register') {
    return createUserWithWorkspace(tx, {
      email: link.email,
      workspaceName: link.workspaceName ?? 'my-workspace',
    })
  }
  const user = await findUserByEmail(tx, link.email)
  const workspace = user === null ? null : await findWorkspaceOfUser(tx, user.id)
  if (user === null || workspace === null) throw new AppError('auth.link_invalid')
  return { user, workspace, isNewUser: false }
}

interface NewSession {
  readonly token: string
  readonly userId: string
  readonly workspaceId: string
}

async function startSession(tx: Queryable, ctx: ApiContext, { token, userId, workspaceId }: NewSession) {
  const nowMs = ctx.ports.nowMs()
  const session = await createSession(tx, {
    tokenHash: hashToken(token),
    userId,
    workspaceId,
    kind: 'browser',
    expiresAt: sessionEnd(nowMs, nowMs),
    ipAddress: ctx.ipAddress,
    userAgent: ctx.userAgent?.slice(0, 512).replaceAll('\0', '') ?? null,
  })
  await appendAudit(tx, {
    workspaceId,
    actorKind: 'user',
    actorId: userId,
    action: 'session.created',
    subjectId: session.id,
    ipAddress: ctx.ipAddress,
  })
}
