import type { Queryable } from './create-db.ts'
import { appendEvents } from './events.ts'
import type { Prisma, QueryOutcome } from './generated/client.ts'
import { newId } from './new-id.ts'
import type { TimeCursor } from './page.ts'
import { readRows } from './read-rows.ts'

export interface NewQueryAudit {
  readonly workspaceId: string
  readonly shareId: string
  readonly serviceId: string
  readonly linkId: string | null
  readonly visitorId: string | null
  /** The user or API key of the workspace that asks; left out or null: a visitor. */
  readonly actorId?: string | null
  readonly ipAddress: string
  readonly userAgent: string | null
  readonly query: string
}

export interface QueryAuditEnding {
  readonly outcome: Exclude<QueryOutcome, 'running'>
  readonly rowCount: number | null
  readonly durationMs: number
  readonly errorMessage: string | null
}

const insertAudit = {
  name: 'insert query audit',
  text: `INSERT INTO query_audits (id, workspace_id, share_id, service_id, link_id, visitor_id, actor_id,
      ip_address, user_agent, query)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
}

/** The row of a query that is about to run, committed when this resolves. Answers its id. */
export async function beginQueryAudit(db: Queryable, input: NewQueryAudit): Promise<string> {
  const id = newId('qry')
  const { workspaceId, shareId, serviceId, linkId, visitorId, actorId = null } = input
  const who = [linkId, visitorId, actorId, input.ipAddress, input.userAgent]
  await readRows(db, insertAudit, [id, workspaceId, shareId, serviceId, ...who, input.query])
  return id
}

const endAudit = {
  name: 'end query audit',
  text: `UPDATE query_audits SET outcome = $2::query_outcome, row_count = $3, duration_ms = $4, error_message = $5,
      completed_at = now() WHERE id = $1 AND outcome = 'running' RETURNING id`,
}

export interface EndedQuery extends QueryAuditEnding {
  readonly id: string
  /** For the event that tells of it. */
  readonly share: { readonly workspaceId: string; readonly id: string; readonly name: string }
  readonly ipAddress: string
}

/**
 * How the query ended, once, and the event that tells of it: two statements side by side, as a visitor waits for them, and
 * the record does not depend on the event.
 */
export async function completeQueryAudit(
  db: Queryable,
  { id, share, ipAddress, ...ending }: EndedQuery,
): Promise<void> {
  const { outcome, rowCount, durationMs, errorMessage } = ending
  const timestamp = new Date().toISOString()
  await Promise.all([
    readRows(db, endAudit, [id, outcome, rowCount, durationMs, errorMessage]),
    appendEvents(db, [
      {
        workspaceId: share.workspaceId,
        type: 'share.query',
        shareId: share.id,
        data: { shareId: share.id, shareName: share.name, ipAddress, timestamp, queryId: id, outcome },
      },
    ]),
  ])
}

/** A hub that was killed left rows of queries behind that nobody will complete. Answers how many there were. */
export async function endLostQueryAudits(
  db: Queryable,
  input: { readonly olderThan: Date },
): Promise<number> {
  const { count } = await db.client.queryAudit.updateMany({
    where: { outcome: 'running', startedAt: { lt: input.olderThan } },
    data: {
      outcome: 'failed',
      completedAt: new Date(),
      errorMessage: 'The hub ended before the query did. It may have run.',
    },
  })
  return count
}

export interface QueryAuditRow {
  readonly id: string
  readonly shareId: string
  readonly visitorId: string | null
  readonly actorId: string | null
  readonly ipAddress: string
  readonly userAgent: string | null
  readonly query: string
  readonly outcome: QueryOutcome
  readonly rowCount: number | null
  readonly durationMs: number | null
  readonly errorMessage: string | null
  readonly startedAt: Date
  readonly completedAt: Date | null
}

/**
 * Newest first, by the database's clock: the ids are by those of the nodes, which may differ. The caller has made sure that the share is the workspace's; another's rows never match.
 */
export async function listQueryAudits(
  db: Queryable,
  input: {
    readonly workspaceId: string
    readonly shareId: string
    readonly limit: number
    readonly cursor?: TimeCursor | undefined
  },
): Promise<QueryAuditRow[]> {
  const { workspaceId, shareId, limit, cursor } = input
  return db.client.queryAudit.findMany({
    where: { workspaceId, shareId, ...(cursor && isBehind(cursor)) },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: {
      id: true,
      shareId: true,
      visitorId: true,
      actorId: true,
      ipAddress: true,
      userAgent: true,
      query: true,
      outcome: true,
      rowCount: true,
      durationMs: true,
      errorMessage: true,
      startedAt: true,
      completedAt: true,
    },
  })
}

/** The first half is what the index can begin at. */
function isBehind({ timestamp, id }: TimeCursor): Prisma.QueryAuditWhereInput {
  return { startedAt: { lte: timestamp }, OR: [{ startedAt: { lt: timestamp } }, { id: { lt: id } }] }
}
