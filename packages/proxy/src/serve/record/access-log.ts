import type { AccessRecord, ServeLog } from '../ports.ts'
import { createDeniedFloods } from './denied-floods.ts'

export interface AccessLogOptions {
  /** Writes records durably, in order; called with one batch at a time. */
  readonly write: (records: readonly AccessRecord[]) => Promise<void>
  readonly log: ServeLog
  readonly nowMs?: () => number
  readonly flushIntervalMs?: number
  readonly batchMax?: number
  /** Records that may wait while the store is slow or away; beyond it the oldest batch is dropped. */
  readonly bufferMax?: number
  /** Denied requests of one address (IPv6: one /64) that are listed per minute; the rest is counted in one row. */
  readonly deniedPerMinMax?: number
  /** How often that row is written. */
  readonly countedIntervalMs?: number
  /** How often `flush` and `close` try a batch that fails. */
  readonly attemptsMax?: number
}

export interface AccessLog {
  record(entry: AccessRecord): void
  /** Resolves when everything recorded so far is written, or was tried `attemptsMax` times. */
  flush(): Promise<void>
  close(): Promise<void>
  /** Lost under pressure. */
  readonly droppedCount: number
  /** Denied requests that were counted instead of listed. */
  readonly suppressedCount: number
}

const retryMs = 250

/** Takes records off the hot path: collects them and writes batches, at most `flushIntervalMs` behind. */
export function createAccessLog(options: AccessLogOptions): AccessLog {
  const log = new BatchedLog(options)
  const { deniedPerMinMax = 100, countedIntervalMs = 10_000, nowMs = Date.now } = options
  const floods = createDeniedFloods({ nowMs, listedPerMin: deniedPerMinMax })
  let counting: NodeJS.Timeout | null = null

  function writeFloods(): void {
    if (counting !== null) clearTimeout(counting)
    counting = null
    for (const flood of floods.drain()) log.add(flood)
  }
  async function flush(): Promise<void> {
    writeFloods()
    await log.flush()
  }

  return {
    record(entry) {
      if (floods.takes(entry)) counting ??= setTimeout(writeFloods, countedIntervalMs)
      else log.add(entry)
    },
    flush,
    close: flush,
    get droppedCount() {
      return log.droppedCount
    },
    get suppressedCount() {
      return floods.count
    },
  }
}

class BatchedLog {
  droppedCount = 0
  readonly #options: Required<Pick<AccessLogOptions, 'flushIntervalMs' | 'batchMax' | 'bufferMax'>> &
    AccessLogOptions
  readonly #batches: AccessRecord[][] = []
  #waitingCount = 0
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<boolean> | null = null
  /** The oldest record has waited its time, so what is left is written too, however little. */
  #isDue = false
  /** The last write failed: the next one waits its time, however much there is to write. */
  #isFailing = false

  constructor(options: AccessLogOptions) {
    this.#options = { flushIntervalMs: 200, batchMax: 1_000, bufferMax: 50_000, ...options }
  }

  add(entry: AccessRecord): void {
    const { batchMax, bufferMax, flushIntervalMs } = this.#options
    const last = this.#batches.at(-1)
    if (last === undefined || last.length >= batchMax) this.#batches.push([entry])
    else last.push(entry)
    this.#waitingCount += 1
    if (this.#waitingCount > bufferMax) this.#dropOldest()
    this.#writeSoon(flushIntervalMs)
    if (this.#batches.length > 1 && this.#writing === null && !this.#isFailing) void this.#writeAll()
  }

  async flush(): Promise<void> {
    const { attemptsMax = 5 } = this.#options
    this.#clearTimer()
    for (let attempt = 0; this.#waitingCount > 0 || this.#writing !== null;) {
      if (await (this.#writing ?? this.#writeOldest())) attempt = 0
      else if (++attempt >= attemptsMax) return
      else await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }

  #writeSoon(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#isDue = true
      void this.#writeAll()
    }, delayMs)
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Full batches at once; the last one only when it is due, since many small ones cost several times as much. */
  async #writeAll(): Promise<void> {
    while (this.#writing === null && this.#batches.length > (this.#isDue ? 0 : 1)) {
      if (this.#batches.length === 1) this.#isDue = false
      if (!(await this.#writeOldest())) return this.#writeSoon(retryMs)
    }
  }

  /** One write at a time keeps the order; a batch leaves the buffer only when it is written. */
  #writeOldest(): Promise<boolean> {
    const batch = this.#batches.shift()
    if (batch === undefined) return Promise.resolve(true)
    this.#writing = this.#write(batch)
    return this.#writing
  }

  async #write(batch: AccessRecord[]): Promise<boolean> {
    try {
      await this.#options.write(batch)
      this.#waitingCount -= batch.length
      this.#isFailing = false
      return true
    } catch (error) {
      this.#options.log.warn({ err: error, records: batch.length }, 'access log write failed, will retry')
      this.#batches.unshift(batch)
      this.#isFailing = true
      return false
    } finally {
      this.#writing = null
    }
  }

  #dropOldest(): void {
    const oldest = this.#batches.shift()
    if (oldest === undefined) return
    this.#waitingCount -= oldest.length
    this.droppedCount += oldest.length
    this.#options.log.warn({ dropped: oldest.length }, 'access log is full, the oldest records were dropped')
  }
}
