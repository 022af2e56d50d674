import { openCreditBytes } from './frame.ts'

export const windowStartBytes = 256 * 1024
export const windowMaxBytes = 2 * 1024 * 1024
export const tunnelWindowBytes = 16 * 1024 * 1024

/** A stream keeps at least this much while it is used, however many others there are. */
const windowUsedMinBytes = 32 * 1024

/** Credit goes back in such parts of the window: often enough to keep the sender going, seldom enough to be cheap. */
const grantPart = 1 / 8
/** 1.25 × bandwidth × delay has to be usable while one part is held back. */
const bandwidthDelayFactor = 1.25 / (1 - grantPart)

/** Over less time a burst that had waited in a buffer would look like bandwidth. */
const epochMinMs = 20

/** What all streams of one tunnel may hold together, beyond the small credit that each has from the start. */
class WindowPool {
  readonly totalBytes: number
  freeBytes: number

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes
    this.freeBytes = totalBytes
  }

  /** Takes up to `wantedBytes`, but never more than `share` of what is free: later streams find some too. */
  take(wantedBytes: number, share: number): number {
    const taken = Math.max(0, Math.floor(Math.min(wantedBytes, this.freeBytes * share)))
    this.freeBytes -= taken
    return taken
  }

  give(bytes: number): void {
    this.freeBytes += bytes
  }

  get isTight(): boolean {
    return this.freeBytes < this.totalBytes / 4
  }
}

/** The pool of a tunnel that takes `streamsMax` streams: the whole stays at 16 MiB. */
export function createWindowPool(streamsMax: number): WindowPool {
  const reserved = streamsMax * openCreditBytes
  return new WindowPool(Math.max(tunnelWindowBytes / 4, tunnelWindowBytes - reserved))
}

/**
 * One stream's receiving side: how much the peer may still send. The window follows 1.25 × bandwidth × delay,
 * measured over what the reader took, so that a long link is filled and a stalled reader gets nothing more.
 * At all times credit held by the peer + bytes not yet read ≤ size.
 */
export class ReceiveWindow {
  readonly #pool: WindowPool
  #sizeBytes: number
  #creditBytes: number
  #unreadBytes = 0
  #epochBytes = 0
  #epochStartMs: number

  /** `grantedBytes` is what the peer has already been promised; the rest of the size is granted by `open`. */
  constructor(pool: WindowPool, nowMs: number) {
    this.#pool = pool
    this.#sizeBytes = openCreditBytes + pool.take(windowStartBytes - openCreditBytes, 1 / 32)
    this.#creditBytes = openCreditBytes
    this.#epochStartMs = nowMs
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get unreadBytes(): number {
    return this.#unreadBytes
  }

  /** Counts bytes that arrived; false when the peer had no credit for them. */
  receive(bytes: number): boolean {
    this.#creditBytes -= bytes
    this.#unreadBytes += bytes
    return this.#creditBytes >= 0
  }

  /** Counts bytes that the reader took; answers the credit to give back now, 0 until it is worth a frame. */
  consume(bytes: number, timing: { nowMs: () => number; rttMs: number | null }): number {
    this.#unreadBytes -= bytes
    this.#epochBytes += bytes
    if (this.#grantable() < this.#sizeBytes * grantPart) return 0
    if (timing.rttMs !== null) this.#retarget(timing.nowMs(), timing.rttMs)
    return this.grant()
  }

  /** Gives all that is due; used for the first grant too. */
  grant(): number {
    const bytes = Math.max(0, this.#grantable())
    this.#creditBytes += bytes
    return bytes
  }

  /** Returns everything to the pool; the stream has closed. */
  release(): void {
    this.#pool.give(this.#sizeBytes - openCreditBytes)
    this.#sizeBytes = openCreditBytes
  }

  #grantable(): number {
    return this.#sizeBytes - this.#creditBytes - this.#unreadBytes
  }

  #retarget(nowMs: number, rttMs: number): void {
    const elapsedMs = nowMs - this.#epochStartMs
    if (elapsedMs < Math.max(rttMs, epochMinMs)) return
    const wantedBytes = Math.min(
      windowMaxBytes,
      (bandwidthDelayFactor * this.#epochBytes * rttMs) / elapsedMs,
    )
    this.#epochBytes = 0
    this.#epochStartMs = nowMs
    if (wantedBytes > this.#sizeBytes) {
      this.#sizeBytes += this.#pool.take(wantedBytes - this.#sizeBytes, 1 / 2)
    } else if (this.#pool.isTight) {
      this.#shrink(Math.max(wantedBytes, windowUsedMinBytes))
    }
  }

  /** Credit that the peer holds cannot be taken back; it is only not renewed. */
  #shrink(wantedBytes: number): void {
    const held = this.#creditBytes + this.#unreadBytes
    const sizeBytes = Math.max(Math.ceil(wantedBytes), held, openCreditBytes)
    if (sizeBytes >= this.#sizeBytes) return
    this.#pool.give(this.#sizeBytes - sizeBytes)
    this.#sizeBytes = sizeBytes
  }
}
