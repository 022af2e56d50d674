import { inTransaction, type Queryable } from './create-db.ts'
import { appendEvents, type EventRow } from './events.ts'
import { readRows } from './read-rows.ts'

const expireShares = {
  name: 'expire shares',
  text: `
    WITH due AS MATERIALIZED (
      SELECT id FROM shares WHERE expiry_told_at IS NULL AND expires_at <= clock_timestamp()
      ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE shares SET expiry_told_at = clock_timestamp() FROM due WHERE shares.id = due.id
    RETURNING shares.id AS "shareId", name AS "shareName", workspace_id AS "workspaceId",
      expires_at AS "expiresAt", revoked_at IS NULL AND deleted_at IS NULL AS "isNews"`,
}

interface ExpiredShare {
  readonly shareId: string
  readonly shareName: string
  readonly workspaceId: string
  readonly expiresAt: Date
  /** Whether it had not ended before. */
  readonly isNews: boolean
}

/**
 * Tells of shares that have expired by the database's time, each once: two nodes take different ones. Answers the
 * events, and whether there may be more.
 */
export async function tellExpiredShares(
  db: Queryable,
  input: { readonly sharesMax: number },
): Promise<{ readonly events: EventRow[]; readonly isMore: boolean }> {
  return inTransaction(db, async (tx) => {
    const shares = await readRows<ExpiredShare>(tx, expireShares, [input.sharesMax])
    const events = await appendEvents(
      tx,
      shares
        .filter(({ isNews }) => isNews)
        .map(({ workspaceId, shareId, shareName, expiresAt }) => ({
          workspaceId,
          type: 'share.expired',
          shareId,
          data: { shareId, shareName, ipAddress: null, timestamp: expiresAt.toISOString() },
        })),
    )
    return { events, isMore: shares.length === input.sharesMax }
  })
}

export interface AgentNews {
  readonly agentId: string
  readonly isOnline: boolean
  /** When it came or went. Of an agent that has connected since, to any node, it is not told that it went. */
  readonly at: Date
}

const turnAgent = {
  name: 'turn agent',
  text: `
    UPDATE agents SET is_told_online = $2
    WHERE id = $1 AND deleted_at IS NULL AND is_told_online <> $2
      AND ($2 OR connected_at IS NULL OR connected_at <= $3::timestamptz)
    RETURNING workspace_id AS "workspaceId", name AS "agentName"`,
}

/** Tells that an agent is there or has gone, unless that was the last thing told. Null when there was nothing to tell. */
export async function tellAgent(db: Queryable, news: AgentNews): Promise<EventRow | null> {
  const { agentId, isOnline, at } = news
  return inTransaction(db, async (tx) => {
    type Turned = { readonly workspaceId: string; readonly agentName: string }
    const [agent] = await readRows<Turned>(tx, turnAgent, [agentId, isOnline, at])
    if (agent === undefined) return null
    const { workspaceId, agentName } = agent
    const type = isOnline ? 'agent.online' : 'agent.offline'
    const data = { agentId, agentName, timestamp: at.toISOString() }
    const [event] = await appendEvents(tx, [{ workspaceId, type, agentId, data }])
    return event ?? null
  })
}

const agentsToldOnline = {
  name: 'agents told online',
  text: 'SELECT id FROM agents WHERE is_told_online AND deleted_at IS NULL ORDER BY id LIMIT $1',
}

/** Agents of which the events say that they are there. */
export async function listAgentsToldOnline(db: Queryable, limit: number): Promise<string[]> {
  return (await readRows<{ readonly id: string }>(db, agentsToldOnline, [limit])).map(({ id }) => id)
}
