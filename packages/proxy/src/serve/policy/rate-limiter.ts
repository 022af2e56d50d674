export interface RateDecision {
  readonly isAllowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until the window has room again (denied) or is empty again (allowed). */
  readonly resetMs: number
}

/** Counts events per key in a sliding minute. In memory here; a store shared by several nodes has the same shape. */
export interface RateLimiter {
  consume(key: string, limit: number): RateDecision | Promise<RateDecision>
}
