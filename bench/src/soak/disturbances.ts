export interface Disturbances {
  /** Runs a restart; what fails between its begin and a while after its end is excused. */
  during<T>(restart: () => Promise<T>): Promise<T>
  /** Whether something that ran in this time may have failed because of a restart. */
  excuses(startMs: number, endMs: number): boolean
}

/** `afterMs`: how long agents and visitors may take to be back after a restart. */
export function createDisturbances(nowMs: () => number, afterMs: number): Disturbances {
  const spans: { startMs: number; endMs: number }[] = []
  return {
    during: async (restart) => {
      const span = { startMs: nowMs(), endMs: Number.POSITIVE_INFINITY }
      spans.push(span)
      try {
        return await restart()
      } finally {
        span.endMs = nowMs() + afterMs
      }
    },
    excuses: (startMs, endMs) => spans.some((span) => startMs <= span.endMs && endMs >= span.startMs),
  }
}
