import type { WaitReason } from './agent-status.ts'
import type { AttemptError } from './attempt-error.ts'
import { createBackOff } from './back-off.ts'

export interface RetrySchedule {
  /** Milliseconds until the next attempt after this failure. */
  delayAfter(error: AttemptError): number
  /** The hub's advice for a loss that all its agents share. */
  setSpread(spreadMs: number): void
  /** The last connection held: begin anew. */
  reset(): void
}

/** Trying soon again cannot help; the user has to act. */
const refusals: ReadonlySet<WaitReason> = new Set(['unauthorized', 'version_refused'])
const connectedElsewhereMs = 5 * 60 * 1000

/** Network troubles: full jitter, 0.5 s to 30 s. Refusals: 5 s to 5 min, so that a revoked agent never hammers a hub. */
export function createRetrySchedule(random: () => number): RetrySchedule {
  const network = createBackOff({ baseMs: 500, maxMs: 30_000, random })
  const refused = createBackOff({ baseMs: 5000, maxMs: 5 * 60 * 1000, random, floor: 0.5 })
  let spreadMs = 0
  return {
    delayAfter(error) {
      if (refusals.has(error.reason)) return Math.max(refused.next(), error.retryAfterMs)
      if (error.reason === 'connected_elsewhere')
        return (error.retryAfterMs || connectedElsewhereMs) + random() * 1000
      const delayMs = network.next(spreadMs)
      // Everybody was told the same moment to come back: not all in that moment.
      return error.retryAfterMs > delayMs ? error.retryAfterMs + random() * Math.max(1000, spreadMs) : delayMs
    },
    setSpread(newSpreadMs) {
      spreadMs = newSpreadMs
    },
    reset() {
      network.reset()
      refused.reset()
    },
  }
}
