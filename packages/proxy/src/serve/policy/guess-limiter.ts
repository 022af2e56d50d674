import { networkOf } from '@private-connect/network'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'
import type { RateDecision } from './rate-limiter.ts'

/** Guards a store against secrets that are guessed: what one look-up has to ask before and to tell after. */
export interface LookupGuard {
  /** Takes a place for a look-up; waits where it depends on one that is still running. Whoever gets one calls `settle`. */
  admit(): boolean | Promise<boolean>
  /** Gives the place back. */
  settle(isFound: boolean): void
}

export interface GuessLimiter {
  guard(address: string): LookupGuard
  /** Counts a guess that needed no look-up, and answers whether it was within the limit. */
  countWrong(address: string): RateDecision
}

interface Places {
  taken: number
  readonly waiting: ((isAdmitted: boolean) => void)[]
}

/** As many places as nobody can ever use up by mistake; beyond, whoever floods the hub is refused. */
const networksMax = 10_000

/**
 * So many wrong guesses a minute of one network (an address, a whole /64 of IPv6), however many come at once: a look-up
 * holds one of the guesses that are left until it is known whether it was one. What is found costs nothing, so any
 * number of real secrets passes, in turn where too few guesses are left for all at once.
 */
export function createGuessLimiter(options: { nowMs: () => number; perMin: number }): GuessLimiter {
  const { perMin } = options
  const wrong = createMemoryRateLimiter({ nowMs: options.nowMs, keysMax: networksMax })
  const places = new Map<string, Places>()

  function take(network: string): boolean | Promise<boolean> {
    const known = places.get(network)
    if (wrong.hasLeft(network, perMin - (known?.taken ?? 0))) {
      if (known === undefined) places.set(network, { taken: 1, waiting: [] })
      else known.taken += 1
      return true
    }
    if (known === undefined || !wrong.hasLeft(network, perMin)) return false
    return new Promise((resolve) => known.waiting.push(resolve))
  }

  function giveBack(network: string): void {
    const known = places.get(network)
    if (known === undefined) return
    known.taken -= 1
    while (known.waiting.length > 0 && wrong.hasLeft(network, perMin - known.taken)) {
      known.taken += 1
      known.waiting.shift()?.(true)
    }
    if (!wrong.hasLeft(network, perMin)) for (const refuse of known.waiting.splice(0)) refuse(false)
    if (known.taken === 0) places.delete(network)
  }

  return {
    guard(address) {
      const network = networkOf(address)
      return {
        admit: () => take(network),
        settle(isFound) {
          if (!isFound) wrong.consume(network, perMin)
          giveBack(network)
        },
      }
    },
    countWrong: (address) => wrong.consume(networkOf(address), perMin),
  }
}
