import type { RateDecision, RateLimiter } from './rate-limiter.ts'

export interface MemoryRateLimiterOptions {
  readonly nowMs: () => number
  readonly windowMs?: number
  /** Keys that are remembered; the longest unused one is forgotten first. */
  readonly keysMax?: number
}

const slots = 60

interface Window {
  readonly counts: Uint32Array
  /** Number of the newest slot since the epoch, that is floor(now / slotMs). */
  newest: number
  total: number
}

/**
 * A sliding window of 60 slots per key: 300 bytes a key whatever the limit is. The oldest slot counts in full until
 * it has left the window, so that no window of `windowMs`, wherever it begins, ever holds more than `limit` events; the
 * price is that an event may be remembered for up to one slot too long. (rate-limiter-flexible counts in fixed windows,
 * which let twice the limit pass around their edge: docs/adr/0005.)
 */
export function createMemoryRateLimiter(options: MemoryRateLimiterOptions): {
  consume(key: string, limit: number): RateDecision
  /** Whether `consume` would allow it now; counts nothing. */
  hasLeft(key: string, limit: number): boolean
  readonly keyCount: number
} & RateLimiter {
  const { nowMs, windowMs = 60_000, keysMax = 100_000 } = options
  const slotMs = windowMs / slots
  const windows = new Map<string, Window>()
  const forgetOldest = createForgetting(windows)

  function windowOf(key: string, newest: number): Window {
    const known = windows.get(key)
    if (known !== undefined) {
      advance(known, newest)
      return known
    }
    if (windows.size >= keysMax) forgetOldest()
    const fresh = { counts: new Uint32Array(slots + 1), newest, total: 0 }
    windows.set(key, fresh)
    return fresh
  }

  return {
    get keyCount() {
      return windows.size
    },
    hasLeft(key, limit) {
      const known = windows.get(key)
      if (known === undefined) return limit > 0
      advance(known, Math.floor(nowMs() / slotMs))
      return known.total < limit
    },
    consume(key, limit) {
      const now = nowMs()
      const window = windowOf(key, Math.floor(now / slotMs))
      if (window.total >= limit) {
        return { isAllowed: false, limit, remaining: 0, resetMs: resetMsOf(window, slotMs, now) }
      }
      const at = window.newest % (slots + 1)
      window.counts[at] = (window.counts[at] ?? 0) + 1
      window.total += 1
      return { isAllowed: true, limit, remaining: limit - window.total, resetMs: windowMs }
    },
  }
}

/** Empties the slots that time has passed. A clock that steps back keeps counting in the newest slot. */
function advance(window: Window, newest: number): void {
  const steps = newest - window.newest
  if (steps <= 0) return
  if (steps > slots) {
    window.counts.fill(0)
    window.total = 0
  } else {
    for (let slot = window.newest + 1; slot <= newest; slot += 1) {
      const at = slot % (slots + 1)
      window.total -= window.counts[at] ?? 0
      window.counts[at] = 0
    }
  }
  window.newest = newest
}

function resetMsOf(window: Window, slotMs: number, now: number): number {
  for (let slot = window.newest - slots; slot <= window.newest; slot += 1) {
    if ((window.counts[(slot + slots + 1) % (slots + 1)] ?? 0) > 0) {
      return Math.max(1, Math.ceil((slot + slots + 1) * slotMs - now))
    }
  }
  return Math.ceil(slotMs)
}

/**
 * Windows keep their place from their first event on: re-inserting on each one would cost every request a deletion. One
 * iterator for all of them, because a new one has to pass all that was deleted before it: with 100,000 keys that took
 * 70 µs each time.
 */
function createForgetting(windows: Map<string, Window>): () => void {
  let keys = windows.keys()
  return () => {
    let oldest = keys.next()
    if (oldest.done === true) {
      keys = windows.keys()
      oldest = keys.next()
    }
    if (oldest.done !== true) windows.delete(oldest.value)
  }
}
