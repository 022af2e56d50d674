import { AppError } from '@private-connect/errors'
import { createGuessLimiter, type LookupGuard } from './guess-limiter.ts'
import { rateLimited } from './request-rate.ts'

/** One request's look-up of a token that may be a guess. */
export interface Guess extends LookupGuard {
  /** The answer to a token that is no share's: not found, and after some of those in a minute, too many requests. */
  refuse(): AppError
}

export interface UnknownTokens {
  guess(address: string): Guess
}

/** Per node and apart from the shares' limiter, so that guessing addresses cannot push a share's count out of memory. */
export function createUnknownTokens(options: { nowMs: () => number; perMin: number }): UnknownTokens {
  const limiter = createGuessLimiter(options)
  return {
    guess(address) {
      let guard: LookupGuard | null = null
      let isCounted = false
      return {
        admit() {
          guard = limiter.guard(address)
          return guard.admit()
        },
        settle(isFound) {
          isCounted ||= !isFound
          guard?.settle(isFound)
        },
        refuse() {
          if (isCounted) return new AppError('share.not_found')
          const decision = limiter.countWrong(address)
          return decision.isAllowed
            ? new AppError('share.not_found')
            : rateLimited('request.rate_limited', decision)
        },
      }
    },
  }
}
