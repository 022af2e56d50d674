import { AppError } from '@private-connect/errors'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'
import { rateLimited } from './request-rate.ts'

export interface UnknownTokens {
  /** The answer to a token that is no share's: not found, and after some of those in a minute, too many requests. */
  refuse(address: string): AppError
}

/** Per node and apart from the shares' limiter, so that guessing addresses cannot push a share's count out of memory. */
export function createUnknownTokens(options: { nowMs: () => number; perMin: number }): UnknownTokens {
  const limiter = createMemoryRateLimiter({ nowMs: options.nowMs, keysMax: 10_000 })
  return {
    refuse(address) {
      const decision = limiter.consume(networkOf(address), options.perMin)
      return decision.isAllowed
        ? new AppError('share.not_found')
        : rateLimited('request.rate_limited', decision)
    },
  }
}

/** One visitor commonly owns a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length
    while (groups.length + after < 8) groups.push('0')
  }
  return groups.slice(0, 4).join(':')
}
