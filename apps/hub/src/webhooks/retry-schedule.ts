const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Before each attempt, after the one before it. */
const delaysMs = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]
const jitter = 0.2
const retryAfterMaxMs = 24 * hour

export interface ScheduleState {
  /** Attempts of the schedule that are done, without the one that failed now. */
  readonly scheduleStep: number
  /** Before this it is not given up. */
  readonly expiresAt: Date
  readonly nowMs: number
  /** The endpoint asked for this much time. */
  readonly retryAfterMs: number | null
  /** From 0 to 1. */
  readonly random: number
}

/** When a delivery is tried next after a failure; null where that was its last attempt. */
export function nextAttemptAt(state: ScheduleState): Date | null {
  const { scheduleStep, expiresAt, nowMs, retryAfterMs, random } = state
  const next = scheduleStep + 1
  const delayMs = delaysMs[next]
  if (delayMs === undefined) return null
  const jittered = delayMs * (1 - jitter + 2 * jitter * random)
  const dueMs = nowMs + Math.max(jittered, retryAfterMs ?? 0)
  // Three days are promised, whatever the chances took off the others.
  const isLast = next === delaysMs.length - 1
  return new Date(Math.round(isLast ? Math.max(dueMs, expiresAt.getTime()) : dueMs))
}

/** Of a `Retry-After` (RFC 9110 §10.2.3): seconds or a date; at most a day, null where it says nothing. */
export function readRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null
  const text = value.trim()
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * second : Date.parse(text) - nowMs
  return Number.isFinite(waitMs) && waitMs > 0 ? Math.min(waitMs, retryAfterMaxMs) : null
}
