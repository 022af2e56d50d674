import type { Queryable } from './create-db.ts'
import type { Prisma, Role } from './generated/client.ts'
import { newId } from './new-id.ts'
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

/** True when there was such a session. */
export async function deleteSession(db: Queryable, tokenHash: TokenHash): Promise<boolean> {
  const { count } = await db.client.session.deleteMany({ where: { tokenHash } })
  return count > 0
}
