import type { Queryable } from './create-db.ts'

/** As much of a hash as tells live tokens from guesses. */
export const tokenHashPrefixBytes = 8

interface Row {
  readonly prefix: Uint8Array
}

/** Beginnings of the hashes of live agents' tokens, of all workspaces, the newest agents first. */
export async function listAgentTokenPrefixes(db: Queryable, limit: number): Promise<Uint8Array[]> {
  const rows = await db.client.$queryRaw<Row[]>`
    SELECT substring(token_hash FOR ${tokenHashPrefixBytes}::int) AS prefix FROM agents
    WHERE deleted_at IS NULL ORDER BY id DESC LIMIT ${limit}`
  return rows.map(({ prefix }) => prefix)
}

/** Beginnings of the hashes of open shares' tokens, of all workspaces, the newest shares first. */
export async function listShareTokenPrefixes(db: Queryable, limit: number): Promise<Uint8Array[]> {
  const rows = await db.client.$queryRaw<Row[]>`
    SELECT substring(l.token_hash FOR ${tokenHashPrefixBytes}::int) AS prefix
    FROM share_links l JOIN shares h ON h.id = l.share_id
    WHERE h.deleted_at IS NULL AND h.revoked_at IS NULL AND l.revoked_at IS NULL
      AND coalesce(h.expires_at > now(), true)
    ORDER BY h.id DESC LIMIT ${limit}`
  return rows.map(({ prefix }) => prefix)
}
