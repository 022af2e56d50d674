import { maskCredentials } from '../http/hub-credentials.ts'
import { visitorIdOf } from '../visitor/identify-visitor.ts'
import type { AccessRecord } from '../ports.ts'
import { maskTokens } from '../share-token.ts'
import type { Visit } from '../visit.ts'

const userAgentLengthMax = 512
const pathLengthMax = 2_048

/** What the log shows for a visitor who left before any answer; nginx's number for it, never sent to anyone. */
const visitorLeft = 499

/** The access record of a visit to a known share, once it is over. */
export function toAccessRecord(visit: Visit): AccessRecord {
  const { grant } = visit.rules
  return {
    shareId: grant.id,
    workspaceId: grant.workspaceId,
    ipAddress: visit.visitor.address,
    userAgent: loggedUserAgent(visit.request.headers['user-agent']),
    path: loggedPath(visit.link.target),
    method: visit.method,
    statusCode: visit.statusCode === 0 ? visitorLeft : visit.statusCode,
    latencyMs: Math.round(performance.now() - visit.startedMs),
    timestampMs: visit.timestampMs,
    bytesIn: visit.bytesIn,
    bytesOut: visit.bytesOut,
    denied: visit.denied,
    visitorId: visitorIdOf(visit),
  }
}

/** Masked before it is cut: half a credential would not be recognised. */
export function loggedUserAgent(text: string | undefined): string | null {
  return text === undefined ? null : maskTokens(maskCredentials(text)).slice(0, userAgentLengthMax)
}

function loggedPath(target: string): string {
  const end = target.search(/[?#]/)
  return maskTokens((end < 0 ? target : target.slice(0, end)).slice(0, pathLengthMax))
}
