import { visitorIdOf } from '../visitor/identify-visitor.ts'
import type { Visit } from '../visit.ts'

/** The shared service answers: told with the answer's head, so that a long answer is not told only when it is over. */
export function tellAnswered(visit: Visit): void {
  const { ports, rules, request, visitor, timestampMs } = visit
  ports.answered?.({
    shareId: rules.grant.id,
    workspaceId: rules.grant.workspaceId,
    ipAddress: visitor.address,
    userAgent: request.headers['user-agent'] ?? null,
    timestampMs,
    visitorId: visitorIdOf(visit),
  })
}
