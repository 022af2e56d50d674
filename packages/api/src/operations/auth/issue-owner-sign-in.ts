import { createMagicLink, ensureFirstOwner, inTransaction, type Db } from '@private-connect/db'
import { hashToken, mintToken } from '../../credentials/tokens.ts'

export interface OwnerSignInOptions {
  readonly email?: string
  readonly workspaceName?: string
  readonly nowMs?: number
}

export const magicLinkLifetimeMs = 15 * 60_000

export interface OwnerSignIn {
  /** For `GET /v1/auth/verify?token=…`: once, within 15 minutes. */
  readonly token: string
  readonly email: string
  readonly workspaceId: string
  readonly expiresAt: Date
  /** Whether this hub had no owner before. */
  readonly isNewOwner: boolean
}

/** A one-time sign-in for the hub's local owner, whom it creates with a workspace if there is none yet. */
export async function issueOwnerSignIn(db: Db, options: OwnerSignInOptions = {}): Promise<OwnerSignIn> {
  const token = mintToken('magicLink')
  const expiresAt = new Date((options.nowMs ?? Date.now()) + magicLinkLifetimeMs)
  const { user, workspace, isNewUser } = await ensureFirstOwner(db, {
    email: options.email ?? 'owner@localhost',
    workspaceName: options.workspaceName ?? 'my-workspace',
  })
  await inTransaction(db, (tx) =>
    createMagicLink(tx, { tokenHash: hashToken(token), purpose: 'first_run', email: user.email, expiresAt }),
  )
  return { token, email: user.email, workspaceId: workspace.id, expiresAt, isNewOwner: isNewUser }
}
