import { getShare, listQueryAudits, type QueryAuditRow } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { QueryAudit } from '../../contracts/index.ts'
import { isoTimeOf } from '../iso-time.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'
import { readTimePosition, timePositionOf } from '../time-position.ts'

/** What visitors asked a share's database, newest first. Throws `share.not_found`. */
export async function listQueries(
  ctx: AuthenticatedContext,
  { id: shareId, ...page }: PageRequest & { readonly id: string },
): Promise<Page<QueryAudit>> {
  const ref = { workspaceId: ctx.credential.workspaceId, shareId }
  await getShare(ctx.db, ref)
  return readPage(page, {
    list: `queries:${ref.workspaceId}:${shareId}`,
    fetch: ({ limit, cursor }) =>
      listQueryAudits(ctx.db, {
        ...ref,
        limit,
        cursor: cursor === undefined ? undefined : readTimePosition(cursor),
      }),
    position: ({ startedAt, id }) => timePositionOf({ timestamp: startedAt, id }),
    present: presentQuery,
  })
}

function presentQuery(row: QueryAuditRow): QueryAudit {
  return { ...row, startedAt: row.startedAt.toISOString(), completedAt: isoTimeOf(row.completedAt) }
}
