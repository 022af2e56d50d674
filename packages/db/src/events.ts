import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'
import { readRows } from './read-rows.ts'

/** What can happen in a workspace; docs/events.md says what each carries. */
export type EventType =
  | 'share.created'
  | 'share.accessed'
  | 'share.denied'
  | 'share.query'
  | 'share.revoked'
  | 'share.expired'
  | 'agent.online'
  | 'agent.offline'

export interface NewEvent {
  readonly workspaceId: string
  readonly type: EventType
  readonly shareId?: string | null
  readonly agentId?: string | null
  readonly data: Prisma.InputJsonObject
}

export interface EventRow {
  readonly workspaceId: string
  /** Counts a workspace's events from 1, without gaps; no event is visible before all smaller ones. */
  readonly seq: number
  readonly id: string
  readonly type: EventType
  readonly shareId: string | null
  readonly agentId: string | null
  readonly data: Prisma.JsonObject
  readonly createdAt: Date
}

const columns = `workspace_id AS "workspaceId", seq::float8 AS seq, id, type, share_id AS "shareId",
  agent_id AS "agentId", data, created_at AS "createdAt"`

/**
 * One statement for any number of events of any number of workspaces. The workspace rows stay locked until the commit,
 * so that the order of numbers is the order of commits; in order of their ids, so that two batches cannot deadlock.
 * What names a workspace that is gone is left out: it has no stream any more.
 */
const insertEvents = {
  name: 'insert events',
  text: `
    WITH input AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset($1::jsonb)
        AS (id text, "workspaceId" text, type text, "shareId" text, "agentId" text, data jsonb)
      ) WITH ORDINALITY AS given (id, "workspaceId", type, "shareId", "agentId", data, place)
    ), counts AS (
      SELECT "workspaceId" AS workspace_id, count(*) AS added FROM input GROUP BY "workspaceId"
    ), locked AS MATERIALIZED (
      SELECT id FROM workspaces WHERE id IN (SELECT workspace_id FROM counts) ORDER BY id FOR NO KEY UPDATE
    ), heads AS (
      UPDATE workspaces w SET last_event_seq = w.last_event_seq + counts.added
      FROM counts, locked WHERE w.id = counts.workspace_id AND locked.id = w.id
      RETURNING w.id, w.last_event_seq - counts.added AS before
    ), added AS (
      INSERT INTO events (workspace_id, seq, id, type, share_id, agent_id, data, created_at)
      SELECT heads.id, heads.before + row_number() OVER (PARTITION BY heads.id ORDER BY input.place),
        input.id, input.type, input."shareId", input."agentId", input.data, clock_timestamp()
      FROM input JOIN heads ON heads.id = input."workspaceId"
      RETURNING *
    )
    SELECT ${columns} FROM added ORDER BY workspace_id, seq`,
}

/** Adds to the workspaces' streams, in the caller's transaction if it is given one. Last in it: lock order. */
export async function appendEvents(db: Queryable, inputs: readonly NewEvent[]): Promise<EventRow[]> {
  if (inputs.length === 0) return []
  const events = inputs.map((input) => Object.assign({ id: newId('evt') }, input))
  return readRows<EventRow>(db, insertEvents, [JSON.stringify(events)])
}

/** One event; see `appendEvents`. */
export async function appendEvent(db: Queryable, input: NewEvent): Promise<EventRow> {
  const [row] = await inTransaction(db, async (tx) => appendEvents(tx, [input]))
  if (row === undefined) throw new Error('An event names a workspace that does not exist.')
  return row
}

const eventsAfter = {
  name: 'events after',
  text: `SELECT ${columns} FROM events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
}
const eventsOfShareAfter = {
  name: 'events of share after',
  text: `SELECT ${columns} FROM events WHERE workspace_id = $1 AND seq > $2 AND share_id = $4 ORDER BY seq LIMIT $3`,
}

/** What happened after `seq`, oldest first. */
export async function listEventsAfter(
  db: Queryable,
  input: {
    readonly workspaceId: string
    readonly seq: number
    readonly limit: number
    /** Only what happened to this share. */
    readonly shareId?: string | undefined
  },
): Promise<EventRow[]> {
  const { workspaceId, seq, limit, shareId } = input
  return shareId === undefined
    ? readRows<EventRow>(db, eventsAfter, [workspaceId, seq, limit])
    : readRows<EventRow>(db, eventsOfShareAfter, [workspaceId, seq, limit, shareId])
}

const between = `SELECT ${columns} FROM events WHERE workspace_id = $1 AND seq > $2 AND seq < $3`
const eventsBefore = { name: 'events before', text: `${between} ORDER BY seq DESC LIMIT $4` }
const eventsOfShareBefore = {
  name: 'events of share before',
  text: `${between} AND share_id = $5 ORDER BY seq DESC LIMIT $4`,
}

/** What happened after `seq` and before `beforeSeq`, newest first. */
export async function listEventsBefore(
  db: Queryable,
  input: {
    readonly workspaceId: string
    readonly seq: number
    readonly beforeSeq: number
    readonly limit: number
    readonly shareId?: string | undefined
  },
): Promise<EventRow[]> {
  const { workspaceId, seq, beforeSeq, limit, shareId } = input
  const values = [workspaceId, seq, beforeSeq, limit]
  return shareId === undefined
    ? readRows<EventRow>(db, eventsBefore, values)
    : readRows<EventRow>(db, eventsOfShareBefore, [...values, shareId])
}

const eventHeads = {
  name: 'event heads',
  text: 'SELECT id AS "workspaceId", last_event_seq::float8 AS seq FROM workspaces WHERE id = ANY($1::text[])',
}

/** The number of each workspace's newest event, 0 before the first; none for a workspace that is gone. */
export async function listEventHeads(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<{ readonly workspaceId: string; readonly seq: number }[]> {
  return readRows(db, eventHeads, [workspaceIds])
}
