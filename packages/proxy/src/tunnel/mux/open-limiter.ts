export interface OpenLimits {
  /** Streams that may be open at once. */
  readonly streamsMax: number
  /** Streams that may be opened per second, after a burst of `streamsMax`. */
  readonly opensPerSecond: number
}

// A hub behind a proxy that shares no connections opens one stream for each request (docs/deploying.md): at 256 a second
// most of a loaded share's requests were refused.
export const defaultOpenLimits: OpenLimits = { streamsMax: 1000, opensPerSecond: 2048 }

/** A token bucket over opens, full at first. Both ends use it: the opener to stay within, the acceptor to refuse. */
export class OpenLimiter {
  #limits: OpenLimits
  #tokens: number
  #filledAtMs: number

  constructor(limits: OpenLimits, nowMs: number) {
    this.#limits = limits
    this.#tokens = limits.streamsMax
    this.#filledAtMs = nowMs
  }

  get limits(): OpenLimits {
    return this.#limits
  }

  setLimits(limits: OpenLimits): void {
    this.#tokens = Math.max(0, this.#tokens + limits.streamsMax - this.#limits.streamsMax)
    this.#limits = limits
  }

  /** Whether one more stream may be opened beside `openStreams`; counts it if so. */
  take(openStreams: number, nowMs: number): boolean {
    const { streamsMax, opensPerSecond } = this.#limits
    this.#tokens = Math.min(streamsMax, this.#tokens + ((nowMs - this.#filledAtMs) * opensPerSecond) / 1000)
    this.#filledAtMs = nowMs
    if (openStreams >= streamsMax || this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
