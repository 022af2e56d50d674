import { setTimeout as wait } from 'node:timers/promises'
import type { EventRow } from '@private-connect/db'
import type { Logger } from '../logging.ts'

export interface ExpiryOptions {
  /** Tells of a batch of expired shares, each once. */
  readonly tellExpired: (batch: {
    readonly sharesMax: number
  }) => Promise<{ readonly events: readonly Pick<EventRow, 'workspaceId'>[]; readonly isMore: boolean }>
  readonly eventsAppended: (workspaceId: string) => void
  readonly log: Pick<Logger, 'warn'>
  readonly everyMs?: number
}

/** Tells within a second or two that a share has expired, those too that did so while no hub ran. */
export function startExpiryTeller(options: ExpiryOptions): { stop(): Promise<void> } {
  const { tellExpired, eventsAppended, log, everyMs = 1_000 } = options
  const stopped = new AbortController()
  const running = run()

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await tellAll().catch((err: unknown) =>
        log.warn({ err }, 'expired shares could not be told, will retry'),
      )
      await wait(everyMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined)
    }
  }

  async function tellAll(): Promise<void> {
    for (let isMore = true; isMore && !stopped.signal.aborted;) {
      const told = await tellExpired({ sharesMax: 100 })
      for (const id of new Set(told.events.map(({ workspaceId }) => workspaceId))) eventsAppended(id)
      ;({ isMore } = told)
    }
  }

  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
}
