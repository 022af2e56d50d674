import { AppError } from '@private-connect/errors'
import { networkOf } from '@private-connect/network'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'
import { rateLimited } from './request-rate.ts'

export interface UnknownTokens {
  /** Whether an address may have the store asked for a token; not while every answer to it would be the same. */
  mayAsk(address: string): boolean
  /** The answer to a token that is no share's: not found, and after some of those in a minute, too many requests. */
  refuse(address: string): AppError
}

/** Per node and apart from the shares' limiter, so that guessing addresses cannot push a share's count out of memory. */
export function createUnknownTokens(options: { nowMs: () => number; perMin: number }): UnknownTokens {
  const limiter = createMemoryRateLimiter({ nowMs: options.nowMs, keysMax: 10_000 })
  return {
    mayAsk: (address) => limiter.hasLeft(networkOf(address), options.perMin),
    refuse(address) {
      const decision = limiter.consume(networkOf(address), options.perMin)
      return decision.isAllowed
        ? new AppError('share.not_found')
        : rateLimited('request.rate_limited', decision)
    },
  }
}
