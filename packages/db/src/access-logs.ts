import { addFilter, createConditions, type AccessLogFilter, type SqlConditions } from './access-log-filter.ts'
import { isDb, type Queryable } from './create-db.ts'
import { toDbError } from './db-error.ts'
import type { TimeCursor } from './page.ts'

export type { AccessLogFilter } from './access-log-filter.ts'

export interface AccessLogRow {
  readonly id: string
  readonly shareId: string
  readonly ipAddress: string
  readonly userAgent: string | null
  readonly path: string
  readonly method: string
  readonly statusCode: number
  readonly latencyMs: number
  readonly timestamp: Date
  readonly bytesIn: number
  readonly bytesOut: number
  readonly denied: string | null
  readonly visitorId: string | null
  /** Further refusals of the same kind that were counted instead of listed. */
  readonly suppressedCount: number
}

interface ShareLogs {
  readonly workspaceId: string
  readonly shareId: string
  readonly limit: number
  readonly filter?: AccessLogFilter | undefined
}

const columns = `id, share_id AS "shareId", ip_address AS "ipAddress", user_agent AS "userAgent", path, method,
  status_code AS "statusCode", latency_ms AS "latencyMs", "timestamp", bytes_in::float8 AS "bytesIn",
  bytes_out::float8 AS "bytesOut", denied, visitor_id AS "visitorId", suppressed_count AS "suppressedCount"`

/** Newest first. The caller has made sure that the share is the workspace's; another's rows never match. */
export async function listAccessLogs(
  db: Queryable,
  { cursor, ...share }: ShareLogs & { readonly cursor?: TimeCursor | undefined },
): Promise<AccessLogRow[]> {
  const where = conditionsOf(share)
  if (cursor !== undefined) {
    // The first half is what the index can begin at.
    where.add(
      (time, id) =>
        `"timestamp" <= ${time}::timestamptz AND ("timestamp" < ${time}::timestamptz OR id < ${id})`,
      cursor.timestamp,
      cursor.id,
    )
  }
  return readEntries(db, where, `"timestamp" DESC, id DESC LIMIT ${share.limit}`)
}

/**
 * What was written after the row `after`, latest first; with `before`, only what was written before that one. Ids grow
 * as rows are written; times do not, since a long request is written after shorter ones that began later.
 */
export async function listAccessLogsAfter(
  db: Queryable,
  { after, before, ...share }: ShareLogs & { readonly after: string; readonly before?: string | undefined },
): Promise<AccessLogRow[]> {
  const where = conditionsOf(share)
  where.add((id) => `id > ${id}`, after)
  if (before !== undefined) where.add((id) => `id < ${id}`, before)
  return readEntries(db, where, `id DESC LIMIT ${share.limit}`)
}

function conditionsOf({ workspaceId, shareId, filter = {} }: ShareLogs): SqlConditions {
  const where = createConditions()
  where.add((id) => `share_id = ${id}`, shareId)
  where.add((id) => `workspace_id = ${id}`, workspaceId)
  addFilter(where, filter)
  return where
}

async function readEntries(db: Queryable, where: SqlConditions, order: string): Promise<AccessLogRow[]> {
  const text = `SELECT ${columns} FROM access_logs WHERE ${where.toText()} ORDER BY ${order}`
  if (!isDb(db)) return db.client.$queryRawUnsafe<AccessLogRow[]>(text, ...where.values)
  try {
    return (await db.pool.query<AccessLogRow>(text, where.values)).rows
  } catch (error) {
    throw toDbError(error)
  }
}
