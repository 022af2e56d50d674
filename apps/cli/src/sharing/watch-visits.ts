import { setTimeout as delay } from 'node:timers/promises'
import type { AccessLogEntry } from '@private-connect/api/contracts'
import type { HubClient, LogRequest } from '../hub/hub-client.ts'
import type { LogFilter } from './log-filter.ts'

export interface VisitFeedOptions {
  readonly hub: Pick<HubClient, 'listLogs'>
  readonly shareId: string
  readonly signal: AbortSignal
  readonly onVisit: (entry: AccessLogEntry) => void
  /** The newest entry that is known already; undefined shows the newest page first. */
  readonly after?: string
  /** Only what passes is shown. */
  readonly filter?: LogFilter
  readonly intervalMs?: number
}

/** More than this in one second is a load test, which nobody reads line by line. */
const entriesMax = 1000

/**
 * Shows each new visit once, oldest first, until `signal` aborts. While the hub cannot be reached it keeps
 * asking: what happened meanwhile is shown afterwards.
 */
export async function watchVisits(options: VisitFeedOptions): Promise<void> {
  const { signal, intervalMs = 1000 } = options
  let after = options.after
  while (!signal.aborted) {
    // A failure here is a hub that restarts, which the tunnel's status tells already.
    const entries = await options.hub
      .listLogs(options.shareId, requestOf(options.filter, after))
      .catch(() => [])
    after = showNewest(entries, options) ?? after
    await delay(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

/**
 * Shows a page of entries, which come newest first, and answers the greatest id. Ids follow the order of writing, and
 * a long visit that ends is written after shorter ones that began later: the first entry need not have it.
 */
export function showNewest(
  entries: readonly AccessLogEntry[],
  { onVisit }: Pick<VisitFeedOptions, 'onVisit'>,
): string | undefined {
  for (const entry of entries.toReversed()) onVisit(entry)
  const ids = entries.map(({ id }) => id).sort()
  return ids.at(-1)
}

function requestOf(filter: LogFilter = [], after?: string): LogRequest {
  return { filter, entriesMax, ...(after === undefined ? {} : { after }) }
}
