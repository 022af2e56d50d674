import type { Queryable } from './create-db.ts'
import { readRows } from './read-rows.ts'

export interface LiveKey {
  readonly id: string
  /** Empty: any address. */
  readonly allowedIpRanges: readonly string[]
}

const liveKeys = {
  name: 'live keys',
  text: `SELECT k.id, k.allowed_ip_ranges AS "allowedIpRanges" FROM api_keys k JOIN workspaces w ON w.id = k.workspace_id
    WHERE k.id = ANY($1::text[]) AND k.revoked_at IS NULL AND w.deleted_at IS NULL`,
}
const liveSessions = {
  name: 'live sessions',
  text: `SELECT s.id FROM sessions s JOIN workspaces w ON w.id = s.workspace_id
      JOIN memberships m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
    WHERE s.id = ANY($1::text[]) AND s.expires_at > clock_timestamp() AND w.deleted_at IS NULL`,
}

/** Those of the keys and sessions that still count; for the hub, over all workspaces. */
export async function listLiveCredentials(
  db: Queryable,
  ids: { readonly apiKeyIds: readonly string[]; readonly sessionIds: readonly string[] },
): Promise<{ readonly apiKeys: readonly LiveKey[]; readonly sessionIds: readonly string[] }> {
  const [apiKeys, sessions] = await Promise.all([
    ids.apiKeyIds.length === 0 ? [] : readRows<LiveKey>(db, liveKeys, [ids.apiKeyIds]),
    ids.sessionIds.length === 0 ? [] : readRows<{ readonly id: string }>(db, liveSessions, [ids.sessionIds]),
  ])
  return { apiKeys, sessionIds: sessions.map(({ id }) => id) }
}
