import type { ServiceRow } from '@private-connect/db'
import type { ApiContext } from '../../context.ts'
import type { Service } from '../../contracts/index.ts'
import { isoTimeOf } from '../iso-time.ts'

/** A service as the API shows it. */
export function presentService(ctx: Pick<ApiContext, 'ports'>, row: ServiceRow): Service {
  return {
    id: row.id,
    agentId: row.agentId,
    name: row.name,
    targetHost: row.targetHost,
    targetPort: row.targetPort,
    protocol: row.protocol,
    engine: row.engine,
    status: statusOf(ctx, row),
    isExternal: row.isExternal,
    hasCredentials: row.hasCredentials,
    allowsSelfSigned: row.allowsSelfSigned,
    createdAt: row.createdAt.toISOString(),
    lastCheckedAt: isoTimeOf(row.lastCheckedAt),
  }
}

/** What the last check found; without one an agent's service is as good as its tunnel. */
function statusOf({ ports }: Pick<ApiContext, 'ports'>, row: ServiceRow): Service['status'] {
  if (row.agentId === null) return row.status
  if (!ports.isAgentOnline(row.agentId)) return 'offline'
  return row.status === 'unreachable' ? 'unreachable' : 'active'
}
