import type { Queryable } from './create-db.ts'

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
}

const hiddenColumns = { workspaceId: true, linkId: true, suppressedCount: true } as const
type StoredRow = Omit<AccessLogRow, 'bytesIn' | 'bytesOut'> & { bytesIn: bigint; bytesOut: bigint }

/** The last row that a reader has: rows may share a millisecond, so the id breaks the tie. */
export interface AccessLogCursor {
  readonly timestamp: Date
  readonly id: string
}

/** Newest first. The caller has made sure that the share is the workspace's; another's rows never match. */
export async function listAccessLogs(
  db: Queryable,
  input: {
    readonly workspaceId: string
    readonly shareId: string
    readonly limit: number
    readonly cursor?: AccessLogCursor | undefined
  },
): Promise<AccessLogRow[]> {
  const { cursor } = input
  const rows = await db.client.accessLog.findMany({
    where: {
      workspaceId: input.workspaceId,
      shareId: input.shareId,
      ...(cursor === undefined
        ? {}
        : {
            timestamp: { lte: cursor.timestamp },
            OR: [{ timestamp: { lt: cursor.timestamp } }, { id: { lt: cursor.id } }],
          }),
    },
    orderBy: [{ timestamp: 'desc' }, { id: 'desc' }],
    take: input.limit,
    omit: hiddenColumns,
  })
  return rows.map(toAccessLogRow)
}

/**
 * What was written after the row `after`, latest first; with `before`, only what was written before that one. Ids grow
 * as rows are written; times do not, since a long request is written after shorter ones that began later.
 */
export async function listAccessLogsAfter(
  db: Queryable,
  input: {
    readonly workspaceId: string
    readonly shareId: string
    readonly after: string
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<AccessLogRow[]> {
  const rows = await db.client.accessLog.findMany({
    where: {
      workspaceId: input.workspaceId,
      shareId: input.shareId,
      id: { gt: input.after, ...(input.before === undefined ? {} : { lt: input.before }) },
    },
    orderBy: { id: 'desc' },
    take: input.limit,
    omit: hiddenColumns,
  })
  return rows.map(toAccessLogRow)
}

function toAccessLogRow({ bytesIn, bytesOut, ...row }: StoredRow): AccessLogRow {
  return Object.assign(row, { bytesIn: Number(bytesIn), bytesOut: Number(bytesOut) })
}
