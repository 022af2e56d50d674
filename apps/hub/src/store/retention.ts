import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../logging.ts'

export interface RetentionOptions {
  /** In words, for the log. */
  readonly what: string
  /** Deletes a batch and answers how many that were. */
  readonly deleteOld: (batch: { readonly before: Date; readonly rowsMax: number }) => Promise<number>
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly days: number
  readonly nowMs: () => number
  /** Before the first look, so that a start is not slowed. */
  readonly firstMs?: number
  readonly everyMs?: number
  readonly rowsPerBatch?: number
}

export interface Retention {
  /** Resolves when the batch that is being deleted is done. */
  stop(): Promise<void>
}

/** Between two batches: whatever else the database has to do comes first. */
const pauseMs = 100
const dayMs = 86_400_000

/** Deletes what is older than it is kept, in small batches, behind everything else. */
export function startRetention(options: RetentionOptions): Retention {
  const { firstMs = 60_000, everyMs = 3_600_000 } = options
  const stopped = new AbortController()
  const pause = async (ms: number) =>
    wait(ms, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined)
  async function run(): Promise<void> {
    await pause(firstMs)
    while (!stopped.signal.aborted) {
      await deleteAll(options, stopped.signal, pause)
      await pause(everyMs)
    }
  }
  const running = run()
  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
}

/** A failure is for the next time: entries that stay an hour longer harm nobody. */
async function deleteAll(
  { what, deleteOld, log, days, nowMs, rowsPerBatch = 2000 }: RetentionOptions,
  signal: AbortSignal,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  const before = new Date(nowMs() - days * dayMs)
  let count = 0
  try {
    for (let isMore = true; isMore && !signal.aborted;) {
      const deleted = await deleteOld({ before, rowsMax: rowsPerBatch })
      count += deleted
      isMore = deleted === rowsPerBatch
      if (isMore) await pause(pauseMs)
    }
  } catch (err) {
    log.warn({ err }, `old ${what} could not be deleted, will retry`)
  }
  if (count > 0) log.info({ count, days }, `old ${what} were deleted`)
}
