export interface Deadline {
  cancel(): void
}

/** setTimeout fires at once above 2^31-1 ms (24.8 days), and a share may live for 30 days. */
const timerMsMax = 2 ** 30

/**
 * Calls back after `delayMs` of elapsed time, however long; steps of the wall clock do not move it. Does not keep the
 * process alive.
 */
export function createDeadline(delayMs: number, onReached: () => void, timerMs = timerMsMax): Deadline {
  const dueMs = performance.now() + delayMs
  let timer: NodeJS.Timeout
  function arm(): void {
    const leftMs = dueMs - performance.now()
    timer = setTimeout(() => (leftMs > timerMs ? arm() : onReached()), Math.min(Math.max(leftMs, 0), timerMs))
    timer.unref()
  }
  arm()
  return { cancel: () => clearTimeout(timer) }
}
