/** Time as the tunnel sees it; tests pass their own. */
export interface Clock {
  /** Milliseconds that only move forward; for durations. */
  monotonicMs(): number
  /** Milliseconds since the epoch; for what people read. */
  nowMs(): number
  /** Runs `callback` once after `delayMs`; answers how to cancel it. */
  setTimer(callback: () => void, delayMs: number): () => void
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  nowMs: () => Date.now(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
