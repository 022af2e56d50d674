import { inTransaction, type Queryable } from './create-db.ts'
import type { MagicLinkPurpose } from './generated/client.ts'
import { newId } from './new-id.ts'
import type { TokenHash } from './token-hash.ts'

export interface NewMagicLink {
  readonly tokenHash: TokenHash
  readonly purpose: MagicLinkPurpose
  readonly email: string
  readonly workspaceName?: string | null
  /** SHA-256 of the cookie of the browser that asked. */
  readonly bindingHash?: TokenHash | null
  readonly expiresAt: Date
}

export interface MagicLinkRow {
  readonly id: string
  readonly purpose: MagicLinkPurpose
  readonly email: string
  readonly workspaceName: string | null
  readonly bindingHash: TokenHash | null
}

export async function createMagicLink(db: Queryable, input: NewMagicLink): Promise<MagicLinkRow> {
  return db.client.magicLink.create({
    data: { ...input, email: input.email.trim().toLowerCase(), id: newId('magic') },
    select: { id: true, purpose: true, email: true, workspaceName: true, bindingHash: true },
  })
}

/**
 * A link in place of all earlier ones that were mailed to the address, so that only the newest mail signs in. Links
 * that ended an hour ago are swept away on the way.
 */
export async function replaceMagicLink(db: Queryable, input: NewMagicLink): Promise<MagicLinkRow> {
  const email = input.email.trim().toLowerCase()
  return inTransaction(db, async (tx) => {
    // Two requests for one address at once would otherwise not see each other's link.
    await tx.client
      .$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`private-connect magic link ${email}`}))`
    await tx.client.magicLink.deleteMany({
      where: { email, purpose: { not: 'first_run' }, consumedAt: null },
    })
    await tx.client.$executeRaw`DELETE FROM magic_links WHERE expires_at < now() - interval '1 hour'`
    return createMagicLink(tx, { ...input, email })
  })
}

/** A link that can still be used; looking does not use it. */
export async function findMagicLink(db: Queryable, tokenHash: TokenHash): Promise<MagicLinkRow | null> {
  return db.client.magicLink.findFirst({
    where: { tokenHash, consumedAt: null, expiresAt: { gt: new Date() } },
    select: { id: true, purpose: true, email: true, workspaceName: true, bindingHash: true },
  })
}

/** Uses the link up. Of any number of callers at once one gets the row, the others null. */
export async function consumeMagicLink(db: Queryable, tokenHash: TokenHash): Promise<MagicLinkRow | null> {
  // One statement: the row lock decides the race, and the second to get it sees consumed_at set.
  const rows = await db.client.$queryRaw<MagicLinkRow[]>`
    UPDATE magic_links SET consumed_at = now()
    WHERE token_hash = ${tokenHash} AND consumed_at IS NULL AND expires_at > now()
    RETURNING id, purpose::text, email, workspace_name AS "workspaceName", binding_hash AS "bindingHash"`
  return rows[0] ?? null
}
