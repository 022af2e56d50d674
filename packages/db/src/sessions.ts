import { AppError } from '@private-connect/errors'
import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma, Role } from './generated/client.ts'
import { newId } from './new-id.ts'
import { pageFilter, type Page } from './page.ts'
import { appendRevocation } from './revocations.ts'
import type { TokenHash } from './token-hash.ts'

const sessionColumns = {
  id: true,
  userId: true,
  workspaceId: true,
  kind: true,
  createdAt: true,
  lastSeenAt: true,
  expiresAt: true,
} satisfies Prisma.SessionSelect
export type SessionRow = Prisma.SessionGetPayload<{ select: typeof sessionColumns }>

const sessionDetailColumns = {
  ...sessionColumns,
  ipAddress: true,
  userAgent: true,
} satisfies Prisma.SessionSelect
/** A session as its user sees it in a list. */
export type SessionDetailRow = Prisma.SessionGetPayload<{ select: typeof sessionDetailColumns }>

/** Whose sessions: a user's, in the workspace that they signed in to. */
export interface SessionOwner {
  readonly workspaceId: string
  readonly userId: string
}

/** A live session with what every request needs to know of its holder. */
export interface SessionHolder {
  readonly session: SessionRow
  readonly user: { readonly id: string; readonly email: string }
  readonly workspace: { readonly id: string; readonly name: string }
  readonly role: Role
}

export interface NewSession {
  readonly tokenHash: TokenHash
  readonly userId: string
  readonly workspaceId: string
  readonly kind: 'browser' | 'device'
  readonly expiresAt: Date
  readonly ipAddress?: string | null
  readonly userAgent?: string | null
}

export async function createSession(db: Queryable, input: NewSession): Promise<SessionRow> {
  return db.client.session.create({ data: { ...input, id: newId('sid') }, select: sessionColumns })
}

/** Null when unknown, expired, the workspace is gone or the user is no longer its member. */
export async function findSessionByHash(db: Queryable, tokenHash: TokenHash): Promise<SessionHolder | null> {
  const found = await db.client.session.findFirst({
    where: { tokenHash, expiresAt: { gt: new Date() }, workspace: { deletedAt: null } },
    select: {
      ...sessionColumns,
      user: { select: { id: true, email: true } },
      workspace: { select: { id: true, name: true, memberships: { select: { userId: true, role: true } } } },
    },
  })
  if (found === null) return null
  const { user, workspace, ...session } = found
  const membership = workspace.memberships.find((member) => member.userId === user.id)
  if (membership === undefined) return null
  return { session, user, workspace: { id: workspace.id, name: workspace.name }, role: membership.role }
}

/** Moves a session's end; written at most once a minute. */
export async function slideSession(
  db: Queryable,
  input: { readonly id: string; readonly expiresAt: Date },
): Promise<void> {
  await db.client.$executeRaw`
    UPDATE sessions SET last_seen_at = now(), expires_at = ${input.expiresAt}
    WHERE id = ${input.id} AND expires_at > now() AND last_seen_at < now() - interval '1 minute'`
}

/** Ends the session of this token, on every node. True when there was one. */
export async function deleteSession(db: Queryable, tokenHash: TokenHash): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const [ended] = await tx.client.$queryRaw<Array<{ id: string; workspaceId: string }>>`
      DELETE FROM sessions WHERE token_hash = ${tokenHash} RETURNING id, workspace_id AS "workspaceId"`
    if (ended === undefined) return false
    const { id: subjectId, workspaceId } = ended
    await appendRevocation(tx, { workspaceId, kind: 'session', subjectId })
    return true
  })
}

/** A user's live sessions, newest first. */
export async function listSessions(
  db: Queryable,
  { workspaceId, userId, ...page }: SessionOwner & Page,
): Promise<SessionDetailRow[]> {
  return db.client.session.findMany({
    where: { workspaceId, userId, expiresAt: { gt: new Date() }, ...pageFilter(page) },
    select: sessionDetailColumns,
    orderBy: { id: 'desc' },
    take: page.limit,
  })
}

/** Ends one of a user's sessions, on every node. Throws `session.not_found`. */
export async function endSession(
  db: Queryable,
  { sessionId, ...owner }: SessionOwner & { readonly sessionId: string },
): Promise<void> {
  const ended = await endSessions(db, owner, { id: sessionId })
  if (ended.length === 0) throw new AppError('session.not_found')
}

/** Ends all of a user's sessions but one; answers the ids of those that ended. */
export async function endOtherSessions(
  db: Queryable,
  { keptSessionId, ...owner }: SessionOwner & { readonly keptSessionId: string },
): Promise<string[]> {
  return endSessions(db, owner, { id: { not: keptSessionId } })
}

async function endSessions(
  db: Queryable,
  { workspaceId, userId }: SessionOwner,
  which: Prisma.SessionWhereInput,
): Promise<string[]> {
  return inTransaction(db, async (tx) => {
    const where = { AND: [{ workspaceId, userId, expiresAt: { gt: new Date() } }, which] }
    const found = await tx.client.session.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } })
    const ended: string[] = []
    for (const { id } of found) {
      // Of two callers at once the row's lock lets one delete it, and only that one tells of it.
      const { count } = await tx.client.session.deleteMany({ where: { id } })
      if (count === 0) continue
      await appendRevocation(tx, { workspaceId, kind: 'session', subjectId: id })
      ended.push(id)
    }
    return ended
  })
}
