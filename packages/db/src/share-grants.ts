import type { Queryable } from './create-db.ts'
import { Prisma, type DatabaseEngine, type ServiceProtocol } from './generated/client.ts'
import type { ShareMethod, ShareRef } from './find-shares.ts'
import type { TokenHash } from './token-hash.ts'

/** What the proxy needs to know of a link, in the shape of its `ShareGrant`. */
export interface ShareGrantRow {
  readonly id: string
  readonly workspaceId: string
  readonly workspaceName: string
  readonly name: string
  readonly description: string | null
  /** The share or its link was revoked, or its service or agent deleted. */
  readonly isRevoked: boolean
  /** The sooner of the share's and the link's end; null: never. */
  readonly expiresAtMs: number | null
  readonly allowedPaths: readonly string[] | null
  readonly allowedMethods: readonly ShareMethod[] | null
  readonly rateLimitPerMin: number | null
  readonly linkId: string
  readonly showsBranding: boolean
  readonly hidesTarget: boolean
  readonly allowWrites: boolean
  readonly maskedColumns: readonly string[]
  /** The workspace's policy. */
  readonly databasesReadOnly: boolean
  readonly service: {
    readonly id: string
    readonly agentId: string | null
    readonly name: string
    readonly targetHost: string
    readonly targetPort: number
    readonly protocol: ServiceProtocol
    readonly engine: DatabaseEngine | null
    readonly allowsSelfSigned: boolean
  }
}

interface FlatGrant extends Omit<ShareGrantRow, 'service' | 'allowedPaths' | 'allowedMethods'> {
  readonly allowedPaths: readonly string[]
  readonly allowedMethods: readonly ShareMethod[]
  readonly serviceId: string
  readonly agentId: string | null
  readonly serviceName: string
  readonly targetHost: string
  readonly targetPort: number
  readonly protocol: ServiceProtocol
  readonly engine: DatabaseEngine | null
  readonly allowsSelfSigned: boolean
}

/**
 * The grant behind a visitor's token, and the source of a share's public info. Null: unknown, deleted, or the
 * workspace is gone. Revoked and expired ones are answered as such, since a visitor is told so.
 */
export async function findShareGrantByTokenHash(
  db: Queryable,
  tokenHash: TokenHash,
): Promise<ShareGrantRow | null> {
  return findGrant(db, Prisma.sql`l.token_hash = ${tokenHash}`)
}

/** The same as its own workspace sees it, by the newest link that still works, or the newest at all. */
export async function findShareGrant(
  db: Queryable,
  { workspaceId, shareId }: ShareRef,
): Promise<ShareGrantRow | null> {
  return findGrant(db, Prisma.sql`h.workspace_id = ${workspaceId} AND h.id = ${shareId}`)
}

async function findGrant(db: Queryable, matches: Prisma.Sql): Promise<ShareGrantRow | null> {
  const rows = await db.client.$queryRaw<FlatGrant[]>`
    SELECT h.id, h.workspace_id AS "workspaceId", w.name AS "workspaceName", h.name, h.description,
      (h.revoked_at IS NOT NULL OR l.revoked_at IS NOT NULL OR s.deleted_at IS NOT NULL
        OR a.deleted_at IS NOT NULL) AS "isRevoked",
      (extract(epoch FROM least(h.expires_at, l.expires_at)) * 1000)::float8 AS "expiresAtMs",
      h.allowed_paths AS "allowedPaths", h.allowed_methods AS "allowedMethods",
      h.rate_limit_per_min AS "rateLimitPerMin", l.id AS "linkId",
      w.shows_branding AS "showsBranding", w.hides_target AS "hidesTarget",
      s.id AS "serviceId", s.agent_id AS "agentId", s.name AS "serviceName",
      s.target_host AS "targetHost", s.target_port AS "targetPort", s.protocol::text AS protocol,
      s.engine::text AS engine, h.allow_writes AS "allowWrites", h.masked_columns AS "maskedColumns",
      w.databases_read_only AS "databasesReadOnly",
      s.allows_self_signed AS "allowsSelfSigned"
    FROM share_links l
    JOIN shares h ON h.id = l.share_id AND h.deleted_at IS NULL
    JOIN workspaces w ON w.id = h.workspace_id AND w.deleted_at IS NULL
    JOIN services s ON s.id = h.service_id AND s.workspace_id = h.workspace_id
    LEFT JOIN agents a ON a.id = s.agent_id
    WHERE ${matches}
    ORDER BY l.revoked_at DESC NULLS FIRST, l.id DESC LIMIT 1`
  return rows[0] === undefined ? null : toGrant(rows[0])
}

function toGrant(row: FlatGrant): ShareGrantRow {
  const { serviceId, agentId, serviceName, targetHost, targetPort, protocol, engine, ...others } = row
  const { allowsSelfSigned, ...grant } = others
  return {
    ...grant,
    allowedPaths: row.allowedPaths.length === 0 ? null : row.allowedPaths,
    allowedMethods: row.allowedMethods.length === 0 ? null : row.allowedMethods,
    service: {
      id: serviceId,
      agentId,
      name: serviceName,
      targetHost,
      targetPort,
      protocol,
      engine,
      allowsSelfSigned,
    },
  }
}
