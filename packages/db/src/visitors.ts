import { inTransaction, type Db, type Queryable } from './create-db.ts'
import { toDbError } from './db-error.ts'
import { appendEvents, type EventRow, type NewEvent } from './events.ts'
import { readRows } from './read-rows.ts'

/** A visitor who seems new, or back after a while: the rows know. */
export interface SeenVisitor {
  readonly visitorId: string
  readonly shareId: string
  readonly ipAddress: string
  /** Such as what fetches previews for chats. */
  readonly isBot: boolean
  readonly seenAt: Date
}

/** A visitor whom a share refused. */
export interface DeniedVisitor extends SeenVisitor {
  /** Code of the refusal. */
  readonly reason: string
}

/** After so long without a request the next one is told again. */
export const visitIdleMs = 5 * 60_000

/** Rows are written in order of their ids, so that two nodes which see the same visitors cannot deadlock. */
const upsertVisitors = {
  name: 'upsert visitors',
  text: `
    WITH input AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb)
        AS given ("visitorId" text, "shareId" text, "ipAddress" text, "isBot" boolean, "seenAt" timestamptz)
    ), told AS (
      INSERT INTO visitors AS known (id, workspace_id, share_id, ip_address, is_bot, first_seen_at, last_seen_at)
      SELECT "visitorId", shares.workspace_id, shares.id, "ipAddress", "isBot", "seenAt", "seenAt"
      FROM input JOIN shares ON shares.id = "shareId" ORDER BY "visitorId"
      ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at, ip_address = excluded.ip_address
        WHERE known.last_seen_at <= excluded.last_seen_at - interval '${visitIdleMs} milliseconds'
      RETURNING id, share_id, workspace_id, xmax = 0 AS is_new
    )
    SELECT told.id AS "visitorId", told.share_id AS "shareId", told.workspace_id AS "workspaceId",
      shares.name AS "shareName", is_new AS "isNew"
    FROM told JOIN shares ON shares.id = told.share_id`,
}

const namesOfShares = {
  name: 'names of shares',
  text: 'SELECT id AS "shareId", workspace_id AS "workspaceId", name AS "shareName" FROM shares WHERE id = ANY($1::text[])',
}

interface ToldVisitor {
  readonly visitorId: string
  readonly shareId: string
  readonly workspaceId: string
  readonly shareName: string
  readonly isNew: boolean
}

/**
 * Tells visits: one `share.accessed` for each visitor who is new or has been idle for five minutes, by the rows and so
 * over all nodes and restarts; and one `share.denied` for each refusal given. All in one transaction. The visitors of
 * one call differ from each other.
 */
export async function recordVisits(
  db: Queryable,
  { seen, denied }: { readonly seen: readonly SeenVisitor[]; readonly denied: readonly DeniedVisitor[] },
): Promise<EventRow[]> {
  return inTransaction(db, async (tx) => {
    const accessed = seen.length === 0 ? [] : await appendable(tx, seen)
    const refused = denied.length === 0 ? [] : await refusals(tx, denied)
    return appendEvents(tx, [...accessed, ...refused])
  })
}

async function appendable(tx: Queryable, seen: readonly SeenVisitor[]): Promise<NewEvent[]> {
  const told = await readRows<ToldVisitor>(tx, upsertVisitors, [JSON.stringify(seen)])
  const known = new Map(told.map((row) => [row.visitorId, row]))
  return seen.flatMap((visitor) => {
    const row = known.get(visitor.visitorId)
    if (row === undefined) return []
    return [eventOf('share.accessed', row, { ...visitDataOf(visitor), isReturning: !row.isNew })]
  })
}

async function refusals(tx: Queryable, denied: readonly DeniedVisitor[]): Promise<NewEvent[]> {
  const ids = [...new Set(denied.map(({ shareId }) => shareId))]
  const names = await readRows<Omit<ToldVisitor, 'visitorId' | 'isNew'>>(tx, namesOfShares, [ids])
  const known = new Map(names.map((row) => [row.shareId, row]))
  return denied.flatMap((visitor) => {
    const row = known.get(visitor.shareId)
    if (row === undefined) return []
    return [eventOf('share.denied', row, { ...visitDataOf(visitor), reason: visitor.reason })]
  })
}

function visitDataOf({ visitorId, ipAddress, isBot, seenAt }: SeenVisitor) {
  return { ipAddress, timestamp: seenAt.toISOString(), visitorId, isBot }
}

function eventOf(
  type: 'share.accessed' | 'share.denied',
  { shareId, shareName, workspaceId }: Omit<ToldVisitor, 'visitorId' | 'isNew'>,
  data: NewEvent['data'],
): NewEvent {
  return { workspaceId, type, shareId, data: { shareId, shareName, ...data } }
}

/** Visitors who are still there: the next visit is told when they have been idle, not while they stay. */
export async function touchVisitors(
  { pool }: Pick<Db, 'pool'>,
  visitors: readonly { readonly visitorId: string; readonly seenAt: Date }[],
): Promise<void> {
  try {
    await pool.query(
      `WITH input AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS given ("visitorId" text, "seenAt" timestamptz)
       ), locked AS MATERIALIZED (
         SELECT id FROM visitors WHERE id IN (SELECT "visitorId" FROM input) ORDER BY id FOR NO KEY UPDATE
       )
       UPDATE visitors SET last_seen_at = greatest(last_seen_at, "seenAt")
       FROM input, locked WHERE visitors.id = "visitorId" AND locked.id = visitors.id`,
      [JSON.stringify(visitors)],
    )
  } catch (error) {
    throw toDbError(error)
  }
}
