import type { AgentRow } from '@private-connect/db'
import type { ApiContext } from '../../context.ts'
import type { Agent } from '../../contracts/index.ts'
import { isoTimeOf } from '../iso-time.ts'

/** An agent as the API shows it. */
export function presentAgent({ ports }: Pick<ApiContext, 'ports'>, row: AgentRow): Agent {
  return {
    id: row.id,
    name: row.name,
    label: row.label,
    isOnline: ports.isAgentOnline(row.id),
    lastSeenAt: isoTimeOf(row.lastSeenAt),
    connectedAt: isoTimeOf(row.connectedAt),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  }
}
