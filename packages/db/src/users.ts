import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'
import { readRows } from './read-rows.ts'

const userColumns = { id: true, email: true, createdAt: true } satisfies Prisma.UserSelect
export type UserRow = Prisma.UserGetPayload<{ select: typeof userColumns }>

const workspaceColumns = {
  id: true,
  name: true,
  maxExpirySeconds: true,
  allowsNeverExpiring: true,
  databasesReadOnly: true,
  showsBranding: true,
  hidesTarget: true,
  mailsAgentOffline: true,
  mailsShareExpiring: true,
  createdAt: true,
} satisfies Prisma.WorkspaceSelect
export type WorkspaceRow = Prisma.WorkspaceGetPayload<{ select: typeof workspaceColumns }>

export interface SignedUpUser {
  readonly user: UserRow
  readonly workspace: WorkspaceRow
  /** False when the address was known: then these are its own user and workspace. */
  readonly isNewUser: boolean
}

/** Creates a user as the owner of a new workspace; a known address keeps what it has. */
export async function createUserWithWorkspace(
  db: Queryable,
  input: { readonly email: string; readonly workspaceName: string },
): Promise<SignedUpUser> {
  const email = normalizeEmail(input.email)
  return inTransaction(db, async (tx) => {
    // Two sign-ups of one address at once: the second waits on the unique index, then finds the first.
    const created = await tx.client.user.createMany({
      data: [{ id: newId('user'), email }],
      skipDuplicates: true,
    })
    const user = await tx.client.user.findUniqueOrThrow({ where: { email }, select: userColumns })
    const known = created.count === 0 ? await findWorkspaceOfUser(tx, user.id) : null
    const workspace = known ?? (await createWorkspace(tx, user.id, input.workspaceName))
    return { user, workspace, isNewUser: created.count === 1 }
  })
}

async function createWorkspace(tx: Queryable, userId: string, name: string): Promise<WorkspaceRow> {
  return tx.client.workspace.create({
    data: { id: newId('ws'), name, memberships: { create: { userId, role: 'owner' } } },
    select: workspaceColumns,
  })
}

export async function findUserByEmail(db: Queryable, email: string): Promise<UserRow | null> {
  return db.client.user.findUnique({ where: { email: normalizeEmail(email) }, select: userColumns })
}

/** The workspace that a user signs in to: the oldest membership's. */
export async function findWorkspaceOfUser(db: Queryable, userId: string): Promise<WorkspaceRow | null> {
  const membership = await db.client.membership.findFirst({
    where: { userId, workspace: { deletedAt: null } },
    orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
    select: { workspace: { select: workspaceColumns } },
  })
  return membership?.workspace ?? null
}

/** The hub's first owner, created if there is none; safe when several nodes start at once. */
export async function ensureFirstOwner(
  db: Queryable,
  input: { readonly email: string; readonly workspaceName: string },
): Promise<SignedUpUser> {
  return inTransaction(db, async (tx) => {
    await tx.client.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('private-connect first owner'))`
    const owner = await tx.client.membership.findFirst({
      where: { role: 'owner', workspace: { deletedAt: null } },
      orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
      select: { user: { select: userColumns }, workspace: { select: workspaceColumns } },
    })
    return owner === null ? createUserWithWorkspace(tx, input) : { ...owner, isNewUser: false }
  })
}

export async function getWorkspace(db: Queryable, workspaceId: string): Promise<WorkspaceRow | null> {
  const [row] = await readRows<WorkspaceRow>(db, workspaceById, [workspaceId])
  return row ?? null
}

const workspaceById = {
  name: 'workspace by id',
  text: `
    SELECT id, name, max_expiry_seconds AS "maxExpirySeconds", allows_never_expiring AS "allowsNeverExpiring",
      databases_read_only AS "databasesReadOnly", shows_branding AS "showsBranding", hides_target AS "hidesTarget",
      mails_agent_offline AS "mailsAgentOffline", mails_share_expiring AS "mailsShareExpiring", created_at AS "createdAt"
    FROM workspaces WHERE id = $1 AND deleted_at IS NULL`,
}

export type WorkspaceChanges = Partial<
  Pick<
    WorkspaceRow,
    | 'name'
    | 'maxExpirySeconds'
    | 'allowsNeverExpiring'
    | 'databasesReadOnly'
    | 'showsBranding'
    | 'hidesTarget'
    | 'mailsAgentOffline'
    | 'mailsShareExpiring'
  >
>

/** Null when the workspace is gone. */
export async function updateWorkspace(
  db: Queryable,
  workspaceId: string,
  changes: WorkspaceChanges,
): Promise<WorkspaceRow | null> {
  const { count } = await db.client.workspace.updateMany({
    where: { id: workspaceId, deletedAt: null },
    data: changes,
  })
  return count === 0 ? null : getWorkspace(db, workspaceId)
}

function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
