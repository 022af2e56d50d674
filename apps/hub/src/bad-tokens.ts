import { AppError } from '@private-connect/errors'
import { networkOf } from '@private-connect/network'
import { createMemoryRateLimiter } from '@private-connect/proxy/serve'

export interface BadTokens {
  /** What an agent is told instead of `error`: a token that is not valid counts, after some in a minute it is `request.rate_limited`. */
  judge(error: unknown, address: string): unknown
}

/**
 * Guesses of agents' tokens, counted by network like the API's bad keys and for the same reason only after the token was
 * looked up: a token that is valid neither counts nor is held up, however many others guess from behind the same router.
 */
export function createBadTokens(options: { nowMs: () => number; perMin: number }): BadTokens {
  const limiter = createMemoryRateLimiter({ nowMs: options.nowMs, keysMax: 10_000 })
  return {
    judge(error, address) {
      if (!(error instanceof AppError) || error.code !== 'auth.invalid') return error
      const { isAllowed, resetMs } = limiter.consume(networkOf(address), options.perMin)
      if (isAllowed) return error
      const retryAfterSeconds = Math.max(1, Math.ceil(resetMs / 1000))
      return new AppError('request.rate_limited', undefined, { retryAfterSeconds })
    },
  }
}
