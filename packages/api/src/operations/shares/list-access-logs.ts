import {
  getShare,
  listAccessLogs as findAccessLogs,
  type AccessLogCursor,
  type AccessLogRow,
} from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { AccessLogEntry } from '../../contracts/index.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'

interface AccessLogRequest extends PageRequest {
  /** The share's id. */
  readonly id: string
  /** The newest entry that the caller has: only entries written after it are answered. */
  readonly after?: string | undefined
}

/** A share's requests, newest first; refused ones too. Throws `share.not_found`. */
export async function listAccessLogs(
  ctx: AuthenticatedContext,
  { id: shareId, after, ...page }: AccessLogRequest,
): Promise<Page<AccessLogEntry>> {
  const { workspaceId } = ctx.credential
  await getShare(ctx.db, { workspaceId, shareId })
  const answer = await readPage(page, {
    list: `logs:${workspaceId}:${shareId}`,
    fetch: ({ limit, cursor }) =>
      findAccessLogs(ctx.db, {
        workspaceId,
        shareId,
        limit,
        ...(cursor === undefined ? {} : { cursor: readPosition(cursor) }),
      }),
    position: (row) => `${row.timestamp.getTime()}.${row.id}`,
    present: presentEntry,
  })
  return after === undefined ? answer : newerThan(answer, after)
}

/**
 * Ids grow as entries are written, so what has a smaller id is known, and so is every page after such an entry.
 * In that order too, since a long request is written after shorter ones that began later: the first entry's id is
 * then what the next poll asks with.
 */
function newerThan({ items, nextCursor }: Page<AccessLogEntry>, after: string): Page<AccessLogEntry> {
  const newer = items.filter((entry) => entry.id > after).sort((a, b) => (a.id < b.id ? 1 : -1))
  return { items: newer, nextCursor: newer.length < items.length ? null : nextCursor }
}

function readPosition(position: string): AccessLogCursor {
  const [timeMs = '', id = ''] = position.split('.')
  return { timestamp: new Date(Number(timeMs)), id }
}

function presentEntry({ timestamp, ...row }: AccessLogRow): AccessLogEntry {
  return { ...row, timestamp: timestamp.toISOString() }
}
