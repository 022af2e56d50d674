import { AppError, type ErrorCode } from '@private-connect/errors'

/** Why the acceptor did not open a stream. */
export type RefusedCode =
  | 'not_allowed'
  | 'upstream_refused'
  | 'upstream_timeout'
  | 'upstream_failed'
  | 'overloaded'

/** Why a stream was cut. */
export type ResetCode = 'cancelled' | 'upstream_timeout' | 'upstream_failed'

/** Both kinds of codes as the opener's caller sees them; a code of a later version counts as a failed upstream. */
const errorCodes: ReadonlyMap<string, ErrorCode> = new Map<RefusedCode | ResetCode, ErrorCode>([
  ['not_allowed', 'share.not_shared'],
  ['upstream_refused', 'upstream.refused'],
  ['upstream_timeout', 'upstream.timeout'],
  ['upstream_failed', 'upstream.failed'],
  ['overloaded', 'tunnel.overloaded'],
  ['cancelled', 'upstream.failed'],
])

const knownErrors = new Map<string, AppError>()

/** One error for all streams that end in the same way: a revoke ends thousands, and a stack for each is most of the work. */
export function createStreamError(frame: 'refused' | 'reset', payload: Buffer): AppError {
  const code = payload.toString('latin1')
  const known = knownErrors.get(`${frame} ${code}`)
  if (known !== undefined) return known
  const fresh = newStreamError(frame, code)
  if (errorCodes.has(code)) knownErrors.set(`${frame} ${code}`, fresh)
  return fresh
}

function newStreamError(frame: 'refused' | 'reset', code: string): AppError {
  const printable = /^[\w.]+$/.test(code) ? code : 'an unreadable code'
  return new AppError(errorCodes.get(code) ?? 'upstream.failed', undefined, {
    message: `the stream was ${frame} by the peer: ${printable}`,
  })
}

export function encodeCode(code: RefusedCode | ResetCode): Buffer {
  return Buffer.from(code, 'latin1')
}
