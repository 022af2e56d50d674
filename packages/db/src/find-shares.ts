import { AppError } from '@private-connect/errors'
import type { Queryable } from './create-db.ts'
import { pageEnd, type Page } from './page.ts'
import { readRows } from './read-rows.ts'
import { getService } from './services.ts'

export const shareMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type ShareMethod = (typeof shareMethods)[number]

export interface ShareRow {
  readonly id: string
  readonly workspaceId: string
  readonly serviceId: string
  readonly name: string
  readonly description: string | null
  /** Null: never. */
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** Null: every path. */
  readonly allowedPaths: readonly string[] | null
  /** Null: every method. */
  readonly allowedMethods: readonly ShareMethod[] | null
  readonly rateLimitPerMin: number | null
  readonly allowWrites: boolean
  readonly maskedColumns: readonly string[]
  readonly accessCount: number
  readonly lastAccessedAt: Date | null
  readonly createdAt: Date
  /** Of the newest link that still works, or the newest at all. */
  readonly tokenPreview: string
}

/** Names a share in its workspace. */
export interface ShareRef {
  readonly workspaceId: string
  readonly shareId: string
}

const selectShare = `
  SELECT h.id, h.workspace_id AS "workspaceId", h.service_id AS "serviceId", h.name, h.description,
    h.expires_at AS "expiresAt", h.revoked_at AS "revokedAt",
    nullif(h.allowed_paths, '{}') AS "allowedPaths", nullif(h.allowed_methods, '{}') AS "allowedMethods",
    h.rate_limit_per_min AS "rateLimitPerMin", h.allow_writes AS "allowWrites",
    h.masked_columns AS "maskedColumns", h.access_count::float8 AS "accessCount",
    h.last_accessed_at AS "lastAccessedAt", h.created_at AS "createdAt",
    coalesce((SELECT l.token_preview FROM share_links l WHERE l.share_id = h.id
      ORDER BY l.revoked_at DESC NULLS FIRST, l.id DESC LIMIT 1), '') AS "tokenPreview"
  FROM shares h WHERE h.deleted_at IS NULL AND h.workspace_id = $1`
const shareById = { name: 'share by id', text: `${selectShare} AND h.id = $2` }
const sharesOfWorkspace = {
  name: 'shares of workspace',
  text: `${selectShare} AND h.id < $2 ORDER BY h.id DESC LIMIT $3`,
}
const sharesOfService = {
  name: 'shares of service',
  text: `${selectShare} AND h.id < $2 AND h.service_id = $4 ORDER BY h.id DESC LIMIT $3`,
}

/** Throws `share.not_found`. */
export async function getShare(db: Queryable, { workspaceId, shareId }: ShareRef): Promise<ShareRow> {
  const [row] = await readRows<ShareRow>(db, shareById, [workspaceId, shareId])
  if (row === undefined) throw new AppError('share.not_found')
  return row
}

/** All of a workspace's shares, newest first, revoked and expired ones too. */
export async function listShares(
  db: Queryable,
  input: Page & { readonly workspaceId: string },
): Promise<ShareRow[]> {
  return readRows(db, sharesOfWorkspace, [input.workspaceId, pageEnd(input), input.limit])
}

/** Newest first, revoked and expired ones too. Throws `service.not_found`. */
export async function listSharesOfService(
  db: Queryable,
  input: Page & { readonly workspaceId: string; readonly serviceId: string },
): Promise<ShareRow[]> {
  await getService(db, input)
  const { workspaceId, serviceId, limit } = input
  return readRows(db, sharesOfService, [workspaceId, pageEnd(input), limit, serviceId])
}

const writableShares = {
  name: 'shares that may write',
  text: 'SELECT id FROM shares WHERE workspace_id = $1 AND allow_writes AND revoked_at IS NULL AND deleted_at IS NULL',
}

/** The workspace's shares whose queries may write, by themselves. */
export async function listWritableShareIds(db: Queryable, workspaceId: string): Promise<string[]> {
  return (await readRows<{ id: string }>(db, writableShares, [workspaceId])).map(({ id }) => id)
}
