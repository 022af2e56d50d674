import { getShare, listAccessLogs, type TimeCursor, type AccessLogRow } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { ExportAccessLogsInput } from '../../contracts/index.ts'
import { isCredentialLive } from '../../credentials/is-credential-live.ts'
import { csvHeader, toCsvLine } from './access-log-csv.ts'
import { readAccessLogFilter } from './access-log-filter.ts'
import { presentEntry } from './list-access-logs.ts'

const exportsPerMin = 10
/** Rows that are in memory for one reader, however many there are and however slowly they are taken. */
const pageSize = 1000

/**
 * All of a share's entries up to now that pass the filter, newest first, as text. Read page by page as the reader takes
 * it: one that stands still holds no connection to the database. Throws `share.not_found`; ends with `auth.invalid`
 * when the credential has ended meanwhile.
 */
export async function exportAccessLogs(
  ctx: AuthenticatedContext,
  { id: shareId, format, ...filterInput }: ExportAccessLogsInput,
): Promise<AsyncIterable<string>> {
  const { workspaceId } = ctx.credential
  await getShare(ctx.db, { workspaceId, shareId })
  const filter = readAccessLogFilter(filterInput)
  await ctx.ports.machines.countAttempt(`log export ${workspaceId}`, exportsPerMin)
  const now = new Date(ctx.ports.nowMs() + 1)
  const to = filter.to !== undefined && filter.to < now ? filter.to : now
  const read = (cursor?: TimeCursor) =>
    listAccessLogs(ctx.db, { workspaceId, shareId, limit: pageSize, filter: { ...filter, to }, cursor })
  // The first page before the answer begins, so that a database that is away is a 503 and no broken download.
  return writePages(ctx, { first: await read(), read, isCsv: format === 'csv' })
}

interface Pages {
  readonly first: readonly AccessLogRow[]
  readonly read: (cursor: TimeCursor) => Promise<readonly AccessLogRow[]>
  readonly isCsv: boolean
}

async function* writePages(
  ctx: AuthenticatedContext,
  { first, read, isCsv }: Pages,
): AsyncGenerator<string, void> {
  if (isCsv) yield csvHeader
  for (let rows = first; ;) {
    const entries = rows.map(presentEntry)
    const lines = isCsv ? entries.map(toCsvLine) : entries.map((entry) => `${JSON.stringify(entry)}\n`)
    if (lines.length > 0) yield lines.join('')
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    if (!(await isCredentialLive(ctx, ctx.credential))) throw new AppError('auth.invalid')
    rows = await read(last)
  }
}
