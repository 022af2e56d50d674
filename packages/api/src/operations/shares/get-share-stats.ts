import { getShare, readAccessStats, type AccessBucket, type AccessStats } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { ShareStats, ShareStatsInput } from '../../contracts/index.ts'
import { readStatsRange, type StatsRange } from './stats-range.ts'

/** About a second of PostgreSQL's time; a share with more requests in its range is answered by the newest ones. */
const rowsMax = 500_000
const topMax = 10

/** Counts over a share's access log. Throws `share.not_found`, and `request.invalid` for a range that is none. */
export async function getShareStats(ctx: AuthenticatedContext, input: ShareStatsInput): Promise<ShareStats> {
  const { workspaceId } = ctx.credential
  await getShare(ctx.db, { workspaceId, shareId: input.id })
  const range = readStatsRange(input, ctx.ports.nowMs())
  const stats = await readAccessStats(ctx.db, {
    workspaceId,
    shareId: input.id,
    from: new Date(range.fromMs),
    to: new Date(range.toMs),
    bucketSeconds: range.bucketMs / 1000,
    rowsMax,
    topMax,
  })
  return presentStats(stats, range)
}

function presentStats(stats: AccessStats, range: StatsRange): ShareStats {
  const { rows, byClass, latencyMs, topPaths, topVisitors, buckets, ...counts } = stats
  const classOf = (digit: number): number => byClass[String(digit)] ?? 0
  const [p50, p95, p99] = latencyMs ?? []
  return {
    ...counts,
    from: isoOf(range.fromMs),
    to: isoOf(range.toMs),
    bucketSeconds: range.bucketMs / 1000,
    isComplete: rows < rowsMax,
    statusClasses: {
      '1xx': classOf(1),
      '2xx': classOf(2),
      '3xx': classOf(3),
      '4xx': classOf(4),
      '5xx': classOf(5),
    },
    buckets: fillBuckets(buckets, range),
    topPaths: [...topPaths],
    topVisitors: topVisitors.map(({ lastSeenMs, ...visitor }) =>
      Object.assign(visitor, { lastSeenAt: isoOf(lastSeenMs) }),
    ),
    latencyMs: p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 },
  }
}

/** All buckets of the range, also those in which nothing happened. */
function fillBuckets(
  found: readonly AccessBucket[],
  { fromMs, toMs, bucketMs }: StatsRange,
): ShareStats['buckets'] {
  const byStart = new Map(found.map((bucket) => [Math.round(bucket.startMs), bucket]))
  const filled: ShareStats['buckets'] = []
  for (let startMs = fromMs; startMs < toMs; startMs += bucketMs) {
    const { requests = 0, denied = 0, serverErrors = 0 } = byStart.get(startMs) ?? {}
    filled.push({ start: isoOf(startMs), requests, denied, serverErrors })
  }
  return filled
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
