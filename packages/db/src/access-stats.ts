import type { Queryable } from './create-db.ts'

export interface AccessStatsInput {
  readonly workspaceId: string
  readonly shareId: string
  /** From this moment on … */
  readonly from: Date
  /** … and before this one. */
  readonly to: Date
  readonly bucketSeconds: number
  /** Only the newest so many records are counted, which bounds what one question can cost. */
  readonly rowsMax: number
  /** How many paths and visitors are named. */
  readonly topMax: number
}

export interface AccessBucket {
  /** Since the epoch; buckets without requests are left out. */
  readonly startMs: number
  readonly requests: number
  readonly denied: number
  readonly serverErrors: number
}

export interface AccessStats {
  /** Rows that were looked at; as many as `rowsMax` means that older ones were not. */
  readonly rows: number
  readonly requests: number
  readonly denied: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** By the status code's first digit. */
  readonly byClass: Readonly<Record<string, number>>
  readonly buckets: readonly AccessBucket[]
  readonly topPaths: readonly { readonly path: string; readonly requests: number }[]
  readonly visitors: number
  readonly topVisitors: readonly {
    readonly ipAddress: string
    readonly requests: number
    readonly lastSeenMs: number
  }[]
  /** Of requests that were forwarded: p50, p95, p99. Null without any. */
  readonly latencyMs: readonly number[] | null
}

/**
 * Counts of one share's requests in one pass over its index. A row that stands for further denials counts for all of
 * them. The caller has made sure that the share is the workspace's; another's rows never match.
 */
export async function readAccessStats(db: Queryable, input: AccessStatsInput): Promise<AccessStats> {
  const [row] = await db.client.$queryRaw<{ stats: AccessStats }[]>`
    WITH visits AS MATERIALIZED (
      SELECT "timestamp", status_code, latency_ms, path, ip_address, bytes_in, bytes_out,
        denied IS NOT NULL AS is_denied, 1 + suppressed_count AS requests,
        coalesce(visitor_id, ip_address || ' ' || coalesce(user_agent, '')) AS visitor
      FROM access_logs
      WHERE share_id = ${input.shareId} AND workspace_id = ${input.workspaceId}
        AND "timestamp" >= ${input.from} AND "timestamp" < ${input.to}
      ORDER BY "timestamp" DESC LIMIT ${input.rowsMax}
    ), classes AS (
      SELECT status_code / 100 AS class, sum(requests) AS requests FROM visits GROUP BY 1
    ), buckets AS (
      SELECT date_bin(make_interval(secs => ${input.bucketSeconds}), "timestamp", ${input.from}) AS start_at,
        sum(requests) AS requests, sum(requests) FILTER (WHERE is_denied) AS denied,
        coalesce(sum(requests) FILTER (WHERE status_code >= 500), 0) AS server_errors
      FROM visits GROUP BY 1
    ), paths AS (
      SELECT path, sum(requests) AS requests FROM visits
      GROUP BY path ORDER BY requests DESC, path LIMIT ${input.topMax}
    ), visitors AS (
      -- Hashed; count(DISTINCT) would sort all of them.
      SELECT DISTINCT visitor FROM visits
    ), addresses AS (
      SELECT ip_address, sum(requests) AS requests, max("timestamp") AS last_at FROM visits
      GROUP BY ip_address ORDER BY requests DESC, ip_address LIMIT ${input.topMax}
    )
    SELECT json_build_object(
      'rows', count(*),
      'requests', coalesce(sum(requests), 0),
      'denied', coalesce(sum(requests) FILTER (WHERE is_denied), 0),
      'bytesIn', coalesce(sum(bytes_in), 0), 'bytesOut', coalesce(sum(bytes_out), 0),
      'visitors', (SELECT count(*) FROM visitors),
      'latencyMs', percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_ms)
        FILTER (WHERE NOT is_denied),
      'byClass', (SELECT coalesce(json_object_agg(class, requests), '{}') FROM classes),
      'buckets', (SELECT coalesce(json_agg(json_build_object(
        'startMs', extract(epoch FROM start_at) * 1000, 'requests', requests,
        'denied', coalesce(denied, 0), 'serverErrors', server_errors) ORDER BY start_at), '[]') FROM buckets),
      'topPaths', (SELECT coalesce(json_agg(json_build_object('path', path, 'requests', requests)
        ORDER BY requests DESC, path), '[]') FROM paths),
      'topVisitors', (SELECT coalesce(json_agg(json_build_object('ipAddress', ip_address,
        'requests', requests, 'lastSeenMs', extract(epoch FROM last_at) * 1000)
        ORDER BY requests DESC, ip_address), '[]') FROM addresses)
    ) AS stats FROM visits`
  if (row === undefined) throw new Error('An aggregate has one row.')
  return row.stats
}
