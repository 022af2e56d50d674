import {
  getShare,
  listAccessLogs as findAccessLogs,
  listAccessLogsAfter,
  type AccessLogRow,
} from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { AccessLogEntry, AccessLogFilterInput } from '../../contracts/index.ts'
import { readAccessLogFilter } from './access-log-filter.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'
import { readTimePosition, timePositionOf } from '../time-position.ts'

interface AccessLogRequest extends PageRequest, AccessLogFilterInput {
  /** The share's id. */
  readonly id: string
  /** The newest entry that the caller has: only entries written after it are answered. */
  readonly after?: string | undefined
}

/** A share's requests, newest first; refused ones too. Throws `share.not_found`. */
export async function listAccessLogs(
  ctx: AuthenticatedContext,
  { id: shareId, after, limit: pageLimit, cursor: pageCursor, ...filter }: AccessLogRequest,
): Promise<Page<AccessLogEntry>> {
  const { workspaceId } = ctx.credential
  const page = { limit: pageLimit, cursor: pageCursor }
  await getShare(ctx.db, { workspaceId, shareId })
  const share = { workspaceId, shareId, filter: readAccessLogFilter(filter) }
  const list = `logs:${workspaceId}:${shareId}`
  if (after !== undefined) {
    // In the order of writing: the first entry's id is what the next poll asks with.
    return readPage(page, {
      list: `${list}:after`,
      fetch: ({ limit, cursor }) => listAccessLogsAfter(ctx.db, { ...share, after, limit, before: cursor }),
      position: ({ id }) => id,
      present: presentEntry,
    })
  }
  return readPage(page, {
    list,
    fetch: ({ limit, cursor }) =>
      findAccessLogs(ctx.db, {
        ...share,
        limit,
        cursor: cursor === undefined ? undefined : readTimePosition(cursor),
      }),
    position: timePositionOf,
    present: presentEntry,
  })
}

export function presentEntry({ timestamp, ...row }: AccessLogRow): AccessLogEntry {
  return { ...row, timestamp: timestamp.toISOString() }
}
