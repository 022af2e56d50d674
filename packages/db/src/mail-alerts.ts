import type { Queryable } from './create-db.ts'

export interface MailAlert {
  readonly workspaceId: string
  readonly workspaceName: string
  /** The agent's or the share's. */
  readonly id: string
  readonly name: string
  /** Since when the agent is offline or back, or when the share ends. */
  readonly at: Date
}

export interface AgentAlertTimes {
  readonly now: Date
  /** It is offline at least since then … */
  readonly offlineBefore: Date
  /** … and not for longer than this, or those who turn alerts on would get one for each agent of old. */
  readonly offlineAfter: Date
}

/** The newest of the two kinds of event that an agent has. */
interface LastSeen {
  readonly isOnline: boolean
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * Agents whose last event is that they went offline, and of which no mail has told. Each is answered once, whoever
 * asks: what is answered counts as told.
 */
export async function takeOfflineAlerts(db: Queryable, times: AgentAlertTimes): Promise<MailAlert[]> {
  const ids = await findAgents(db, {
    isOnline: false,
    notBefore: times.offlineAfter,
    notAfter: times.offlineBefore,
  })
  return ids.length === 0 ? [] : markAgents(db, ids, times.now)
}

/** Agents that are back, where a mail has told that they were away. Each is answered once. */
export async function takeBackAlerts(db: Queryable, now: Date): Promise<MailAlert[]> {
  const ids = await findAgents(db, { isOnline: true, notBefore: new Date(0), notAfter: now })
  return ids.length === 0 ? [] : markAgents(db, ids, null)
}

interface FoundAgent {
  readonly id: string
  readonly at: Date
}

async function findAgents(db: Queryable, { isOnline, notBefore, notAfter }: LastSeen): Promise<FoundAgent[]> {
  return db.client.$queryRaw`
    SELECT a.id, last.created_at AS at FROM workspaces ws JOIN agents a ON a.workspace_id = ws.id
    CROSS JOIN LATERAL (
      SELECT e.type, e.created_at FROM events e
      WHERE e.agent_id = a.id AND e.agent_id IS NOT NULL AND e.type IN ('agent.online', 'agent.offline')
      ORDER BY e.seq DESC LIMIT 1
    ) last
    WHERE ws.mails_agent_offline AND ws.deleted_at IS NULL AND a.deleted_at IS NULL
      AND (a.offline_mailed_at IS NOT NULL) = ${isOnline} AND (last.type = 'agent.online') = ${isOnline}
      AND last.created_at > ${notBefore} AND last.created_at <= ${notAfter}`
}

/** Of several nodes that found an agent, the first one gets it. */
async function markAgents(
  db: Queryable,
  found: readonly FoundAgent[],
  mailedAt: Date | null,
): Promise<MailAlert[]> {
  const at = new Map(found.map((agent) => [agent.id, agent.at]))
  const rows = await db.client.$queryRaw<Omit<MailAlert, 'at'>[]>`
    UPDATE agents a SET offline_mailed_at = ${mailedAt}::timestamptz FROM workspaces ws
    WHERE ws.id = a.workspace_id AND a.id = ANY(${[...at.keys()]}::text[])
      AND (a.offline_mailed_at IS NULL) = (${mailedAt}::timestamptz IS NOT NULL)
    RETURNING a.workspace_id AS "workspaceId", ws.name AS "workspaceName", a.id, a.name`
  return rows.map((row) => Object.assign(row, { at: at.get(row.id) ?? new Date() }))
}

export interface ExpiryAlertTimes {
  readonly now: Date
  readonly expiresBefore: Date
  /** Shares that live no longer than this are as short as their makers wanted them: no mail. */
  readonly lifetimeMinSeconds: number
}

/** Shares that end soon, once for each end: one that was extended is told again. What is answered counts as told. */
export async function takeExpiryAlerts(db: Queryable, times: ExpiryAlertTimes): Promise<MailAlert[]> {
  return db.client.$queryRaw`
    UPDATE shares s SET expiry_mailed_for = s.expires_at FROM workspaces ws, services sv
    WHERE ws.id = s.workspace_id AND ws.mails_share_expiring AND ws.deleted_at IS NULL
      AND sv.id = s.service_id AND sv.deleted_at IS NULL
      AND s.expires_at > ${times.now} AND s.expires_at <= ${times.expiresBefore}
      AND s.revoked_at IS NULL AND s.deleted_at IS NULL AND s.expiry_mailed_for IS DISTINCT FROM s.expires_at
      AND s.expires_at - s.created_at > make_interval(secs => ${times.lifetimeMinSeconds})
    RETURNING s.workspace_id AS "workspaceId", ws.name AS "workspaceName", s.id, s.name, s.expires_at AS at`
}

/** The addresses of a workspace's owners. */
export async function listOwnerEmails(db: Queryable, workspaceId: string): Promise<string[]> {
  const rows = await db.client.membership.findMany({
    where: { workspaceId, role: 'owner' },
    orderBy: { userId: 'asc' },
    select: { user: { select: { email: true } } },
  })
  return rows.map(({ user }) => user.email)
}
