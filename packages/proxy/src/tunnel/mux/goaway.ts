/**
 * Why an end asks for the tunnel to be given up.
 * - `draining`: this hub stops; connect elsewhere first, then let this tunnel's streams finish.
 * - `replaced`: another process of the same agent took over; `connected_elsewhere`: it did so a moment ago and
 *   this one comes too early. Both wait instead of fighting over the agent's id.
 * - `revoked`: the token is no longer valid. `closing`: this end was closed by its user.
 * - `overloaded`: too many opens. `protocol_error`, `flow_control`: the peer broke the rules; nothing more is read.
 */
export type GoawayReason =
  | 'draining'
  | 'replaced'
  | 'connected_elsewhere'
  | 'revoked'
  | 'closing'
  | 'overloaded'
  | 'protocol_error'
  | 'flow_control'

export interface Goaway {
  readonly reason: GoawayReason
  /** Do not connect again earlier than this. */
  readonly retryAfterMs?: number
}

const reasons: ReadonlySet<string> = new Set<GoawayReason>([
  'draining',
  'replaced',
  'connected_elsewhere',
  'revoked',
  'closing',
  'overloaded',
  'protocol_error',
  'flow_control',
])

const retryAfterMaxMs = 60 * 60 * 1000

export function encodeGoaway(goaway: Goaway): Buffer {
  return Buffer.from(JSON.stringify(goaway))
}

/** A goaway as the peer sent it; a reason that this version does not know counts as `draining`. Null when malformed. */
export function decodeGoaway(payload: Buffer): Goaway | null {
  let value: unknown
  try {
    value = JSON.parse(payload.toString('utf8'))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { reason, retryAfterMs } = value as { reason?: unknown; retryAfterMs?: unknown }
  if (typeof reason !== 'string') return null
  const known = reasons.has(reason) ? (reason as GoawayReason) : 'draining'
  if (typeof retryAfterMs !== 'number' || !(retryAfterMs >= 0)) return { reason: known }
  return { reason: known, retryAfterMs: Math.min(retryAfterMs, retryAfterMaxMs) }
}
