import {
  appendAudit,
  consumeMagicLink,
  createSession,
  createUserWithWorkspace,
  deleteSession,
  findSessionByHash,
  findUserByEmail,
  findWorkspaceOfUser,
  inTransaction,
  type MagicLinkRow,
  type Queryable,
  type SignedUpUser,
} from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { ApiContext } from '../../context.ts'
import { endedBrowserCookie } from '../../credentials/browser-cookie.ts'
import { readCookieValues } from '../../credentials/read-cookie.ts'
import { sessionCookies, sessionEnd } from '../../credentials/session-lifetime.ts'
import { hashToken, isToken, mintToken } from '../../credentials/tokens.ts'

/**
 * Uses a sign-in link up and sets the cookie of a new session; an older session of this browser ends. Of any number
 * of callers at once one succeeds. Throws `auth.link_invalid`, `auth.cross_site`, `request.rate_limited`.
 */
export async function verifyMagicLink(ctx: ApiContext, input: { readonly token: string }) {
  // Else another site could sign its visitor in to an account of its own choice.
  ctx.refuseCrossSite()
  await ctx.ports.signIn.checkRate(ctx.ipAddress)
  if (!isToken('magicLink', input.token)) throw new AppError('auth.link_invalid')
  const token = mintToken('session')
  const { found: holder, endedIn } = await inTransaction(ctx.db, async (tx) => {
    const link = await consumeMagicLink(tx, hashToken(input.token))
    if (link === null) throw new AppError('auth.link_invalid')
    const found = await findHolder(tx, ctx, link)
    const ended = await endSessionOfBrowser(tx, ctx)
    await startSession(tx, ctx, { token, found })
    return { found, endedIn: ended }
  })
  if (endedIn !== null) ctx.ports.credentialsChanged(endedIn)
  // In place of a cookie of the older session that this request renewed.
  ctx.answerHeaders.delete('set-cookie')
  const { hubUrl } = ctx.ports
  for (const cookie of [...sessionCookies(token, hubUrl), endedBrowserCookie(hubUrl)]) {
    ctx.answerHeaders.append('set-cookie', cookie)
  }
  const { user, workspace, isNewUser } = holder
  return {
    success: true as const,
    user: { id: user.id, email: user.email },
    workspace: { id: workspace.id, name: workspace.name },
    isNewUser,
  }
}

async function findHolder(tx: Queryable, ctx: ApiContext, link: MagicLinkRow): Promise<SignedUpUser> {
  if (link.purpose === 'register') {
    // It may have been closed since the mail was sent.
    if (!ctx.ports.signIn.mayRegister(link.email)) throw new AppError('auth.link_invalid')
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

/**
 * A session that was planted in this browser, or forgotten in it, is worth nothing after the sign-in. Two different
 * ones are refused wherever they are sent, so they need no ending. Answers the workspace of the one that ended.
 */
async function endSessionOfBrowser(tx: Queryable, ctx: ApiContext): Promise<string | null> {
  const [value = '', ...others] = readCookieValues(ctx.cookieHeader, 'session')
  if (others.length > 0 || !isToken('session', value)) return null
  const holder = await findSessionByHash(tx, hashToken(value))
  if (holder === null || !(await deleteSession(tx, hashToken(value)))) return null
  const { id: subjectId, workspaceId, userId } = holder.session
  await audit(tx, ctx, { workspaceId, userId, action: 'session.ended', subjectId })
  return workspaceId
}

interface NewSession {
  readonly token: string
  readonly found: SignedUpUser
}

async function startSession(tx: Queryable, ctx: ApiContext, { token, found }: NewSession): Promise<void> {
  const nowMs = ctx.ports.nowMs()
  const [userId, workspaceId] = [found.user.id, found.workspace.id]
  const session = await createSession(tx, {
    tokenHash: hashToken(token),
    userId,
    workspaceId,
    kind: 'browser',
    expiresAt: sessionEnd(nowMs, nowMs),
    ipAddress: ctx.ipAddress,
    userAgent: ctx.userAgent?.slice(0, 512).replaceAll('\0', '') ?? null,
  })
  const who = { workspaceId, userId }
  if (found.isNewUser) await audit(tx, ctx, { ...who, action: 'workspace.created', subjectId: workspaceId })
  await audit(tx, ctx, { ...who, action: 'session.created', subjectId: session.id })
}

interface UserAction {
  readonly workspaceId: string
  readonly userId: string
  readonly action: string
  readonly subjectId: string
}

async function audit(tx: Queryable, ctx: ApiContext, { userId, ...action }: UserAction): Promise<void> {
  await appendAudit(tx, { ...action, actorKind: 'user', actorId: userId, ipAddress: ctx.ipAddress })
}
