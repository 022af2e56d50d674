import { setTimeout as wait } from 'node:timers/promises'

export interface StoreClock {
  /** Whole milliseconds since the epoch, by the database. */
  readonly nowMs: () => number
  close(): void
}

export interface StoreClockOptions {
  /** Asks the database for its time, in milliseconds since the epoch. */
  readonly readMs: () => Promise<number>
  readonly monotonicMs?: () => number
  readonly everyMs?: number
}

/** An answer that took longer says too little about when it was given. */
const roundTripMaxMs = 250
/** The database's time comes in whole milliseconds. */
const grainMs = 1

/**
 * The database's time, which all nodes share, counted on by the monotonic clock between two readings: when somebody sets
 * this machine's clock, no share ends too early or too late for it. A machine that was asleep is right again with the
 * next reading. Until the first one, and while there is none, it is this machine's time of the start.
 */
export function createStoreClock(options: StoreClockOptions): StoreClock {
  const { readMs, monotonicMs = () => performance.now(), everyMs = 5_000 } = options
  const stop = new AbortController()
  let epochMs = Date.now() - monotonicMs()

  async function read(): Promise<void> {
    const askedMs = monotonicMs()
    const storeMs = await readMs()
    const answeredMs = monotonicMs()
    const roundTripMs = answeredMs - askedMs
    if (roundTripMs > roundTripMaxMs) return
    const measuredMs = storeMs - (askedMs + answeredMs) / 2
    // What agrees as far as it can tell moves nothing: a share that has ended must not be open again for some milliseconds.
    if (Math.abs(measuredMs - epochMs) > roundTripMs / 2 + grainMs) epochMs = measuredMs
  }

  async function keepReading(): Promise<void> {
    while (!stop.signal.aborted) {
      // While the database is away its time goes on as it did.
      await read().catch(() => undefined)
      await wait(everyMs, undefined, { ref: false, signal: stop.signal }).catch(() => undefined)
    }
  }
  void keepReading()
  return { nowMs: () => Math.floor(epochMs + monotonicMs()), close: () => stop.abort() }
}
