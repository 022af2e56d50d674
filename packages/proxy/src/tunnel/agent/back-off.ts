export interface BackOffOptions {
  readonly baseMs: number
  readonly maxMs: number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** The least part of the ceiling that is waited, 0 (full jitter) to 1. */
  readonly floor?: number
}

export interface BackOff {
  /**
   * Milliseconds to wait before the next attempt, uniform up to a ceiling that doubles with each call, so that
   * agents which lost a hub together come back apart. `spreadMs` is the least ceiling.
   */
  next(spreadMs?: number): number
  reset(): void
}

export function createBackOff({ baseMs, maxMs, random, floor = 0 }: BackOffOptions): BackOff {
  let ceilingMs = baseMs
  return {
    next(spreadMs = 0) {
      const delayMs = Math.max(ceilingMs, spreadMs) * (floor + (1 - floor) * random())
      ceilingMs = Math.min(maxMs, ceilingMs * 2)
      return delayMs
    },
    reset() {
      ceilingMs = baseMs
    },
  }
}
