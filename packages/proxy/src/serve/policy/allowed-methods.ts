import { AppError } from '@private-connect/errors'
import type { Visit } from '../visit.ts'
import type { Policy } from './policy.ts'

/** Methods that make servers echo or debug themselves; no share serves them. */
const neverAllowed: ReadonlySet<string> = new Set(['TRACE', 'TRACK', 'DEBUG', 'CONNECT'])

/** HEAD follows GET; a CORS preflight follows the method that it asks for. */
export const checkAllowedMethods: Policy = (visit) => {
  const { methods } = visit.rules
  const { method } = visit
  if (neverAllowed.has(method)) return refuse(visit)
  if (methods === null || methods.has(method)) return null
  const asked = visit.request.headers['access-control-request-method']
  const isPreflight = method === 'OPTIONS' && visit.request.headers.origin !== undefined
  return isPreflight && asked !== undefined && methods.has(asked) ? null : refuse(visit)
}

function refuse(visit: Visit): AppError {
  return new AppError('share.method_not_allowed', undefined, { headers: { allow: visit.rules.allow } })
}
