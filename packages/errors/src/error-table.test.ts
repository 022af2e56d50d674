// Guarantee: codes and their statuses are what clients branch on, so none changes by accident (SPEC §3).
import { describe, expect, it } from 'vitest'
import { errorTable, type ErrorCode, type ErrorRow } from './index.ts'

const rows = Object.entries(errorTable) as [ErrorCode, ErrorRow][]

/** Written out once more on purpose: the table's rows share their statuses, and one change there moves many codes. */
const promised: Partial<Record<ErrorCode, number>> = {
  'request.invalid': 400,
  'request.malformed_json': 400,
  'request.malformed': 400,
  'request.timeout': 408,
  'request.expectation_failed': 417,
  'request.target_not_canonical': 400,
  'request.too_large': 413,
  'request.target_too_long': 414,
  'request.media_type': 415,
  'request.headers_too_large': 431,
  'request.idempotency_conflict': 409,
  'request.rate_limited': 429,
  'route.not_found': 404,
  'route.method_not_allowed': 405,
  'auth.required': 401,
  'auth.invalid': 401,
  'auth.link_invalid': 401,
  'auth.ambiguous': 400,
  'auth.session_required': 403,
  'auth.cross_site': 403,
  'auth.ip_not_allowed': 403,
  'session.not_found': 404,
  'api_key.not_found': 404,
  'device.code_not_found': 404,
  'device.authorization_pending': 400,
  'device.slow_down': 400,
  'device.denied': 400,
  'device.code_expired': 400,
  'agent.not_found': 404,
  'agent.offline': 503,
  'service.not_found': 404,
  'service.name_taken': 409,
  'share.not_found': 404,
  'share.inactive': 403,
  'share.revoked': 409,
  'share.path_not_allowed': 403,
  'share.method_not_allowed': 405,
  'share.rate_limited': 429,
  'share.streams_exhausted': 429,
  'share.not_shared': 503,
  'share.not_web': 400,
  'upstream.refused': 502,
  'upstream.failed': 502,
  'upstream.timeout': 504,
  'query.refused': 400,
  'query.failed': 400,
  'query.no_database': 400,
  'query.role_refused': 403,
  'query.login_missing': 503,
  'query.unavailable': 502,
  'query.timeout': 504,
  'query.audit_unavailable': 503,
  'tunnel.failed': 502,
  'tunnel.overloaded': 503,
  'tunnel.upgrade_required': 426,
  'hub.draining': 503,
  'hub.overloaded': 503,
  'hub.store_unavailable': 503,
  internal: 500,
}

describe('the statuses', () => {
  it.each(Object.entries(promised))('%s stays %i', (code, status) => {
    expect(errorTable[code as ErrorCode].status).toBe(status)
  })

  it('say whose fault it is: below 500 the caller’s', () => {
    const misplaced = rows.filter(([, { status, fault }]) => status < 500 !== (fault === 'caller'))
    expect(misplaced.map(([code]) => code)).toEqual([])
  })

  it('are of tRPC’s kind too', () => {
    const trpcOf: Readonly<Record<number, string>> = {
      401: 'UNAUTHORIZED',
      403: 'FORBIDDEN',
      404: 'NOT_FOUND',
      405: 'METHOD_NOT_SUPPORTED',
      409: 'CONFLICT',
      413: 'PAYLOAD_TOO_LARGE',
      415: 'UNSUPPORTED_MEDIA_TYPE',
      429: 'TOO_MANY_REQUESTS',
      500: 'INTERNAL_SERVER_ERROR',
      502: 'BAD_GATEWAY',
      503: 'SERVICE_UNAVAILABLE',
      504: 'GATEWAY_TIMEOUT',
    }
    for (const [code, { status, trpc }] of rows) {
      expect([code, trpc]).toEqual([code, trpcOf[status] ?? 'BAD_REQUEST'])
    }
  })
})

describe.each(rows)('%s', (code, { title, message }) => {
  it('is named by its aggregate and what happened', () => {
    expect(code).toMatch(/^(internal|[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*)$/)
  })

  it('has a short type and sentences that a caller can use', () => {
    // Devices look for RFC 8628's own words.
    expect(title).toMatch(code.startsWith('device.') ? /^[A-Za-z_ ]{5,30}$/ : /^[A-Z][A-Za-z ]{5,40}$/)
    expect(message).toMatch(/^[A-Z].{10,160}$/)
  })

  it('names nothing of the inside', () => {
    expect(`${title} ${message}`).not.toMatch(/prisma|postgres|fastify|undici|stack|node_modules|ECONN/i)
  })
})

it('says the same of what must not be told apart', () => {
  expect(errorTable['share.rate_limited'].title).toBe(errorTable['request.rate_limited'].title)
  // Revoked and expired are one code; another workspace's object is not found like any other.
  expect(rows.map(([code]) => code)).not.toContain('share.expired')
  expect(rows.filter(([code]) => code.includes('other_workspace'))).toEqual([])
})
