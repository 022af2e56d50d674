import { AppError } from '@private-connect/errors'
import type { Policy } from './policy.ts'
import type { RateDecision } from './rate-limiter.ts'

/** All visitors of a share together. A redirect to the share's own host is not counted: what follows it is. */
export const checkRequestRate: Policy = ({ rules, ports, settings, redirect }) => {
  if (redirect !== null) return null
  const { grant } = rules
  const decision = ports.limiter.consume(grant.id, grant.rateLimitPerMin ?? settings.requestsPerMin)
  return decision instanceof Promise ? decision.then(judge) : judge(decision)
}

export function judge(decision: RateDecision): AppError | null {
  return decision.isAllowed ? null : rateLimited('share.rate_limited', decision)
}

/** The 429 of any limiter: Retry-After and X-RateLimit-* in whole seconds, rounded up. */
export function rateLimited(
  code: 'share.rate_limited' | 'request.rate_limited',
  { limit, remaining, resetMs }: RateDecision,
): AppError {
  const seconds = Math.max(1, Math.ceil(resetMs / 1_000))
  return new AppError(code, undefined, {
    retryAfterSeconds: seconds,
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(seconds),
    },
  })
}
