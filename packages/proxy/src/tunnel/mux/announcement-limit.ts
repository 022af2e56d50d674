const helloBurst = 16
const hellosPerSecond = 4
const goawaysMax = 8

/** How often a peer may say hello and goaway. Each is parsed and acted on, so whoever repeats them stalls all others. */
export class AnnouncementLimit {
  #hellosLeft = helloBurst
  #filledAtMs = 0
  #goaways = 0

  /** Whether one more hello may be heard; a peer says it again when its services change. `nowMs` is monotonic. */
  takeHello(nowMs: number): boolean {
    const refill = ((nowMs - this.#filledAtMs) * hellosPerSecond) / 1000
    this.#hellosLeft = Math.min(helloBurst, this.#hellosLeft + refill)
    this.#filledAtMs = nowMs
    if (this.#hellosLeft < 1) return false
    this.#hellosLeft -= 1
    return true
  }

  /** Whether one more goaway may be heard, in all of the tunnel's life. */
  takeGoaway(): boolean {
    this.#goaways += 1
    return this.#goaways <= goawaysMax
  }
}
