import { inTransaction, type Queryable } from './create-db.ts'
import { newId } from './new-id.ts'

/** One request of a visitor, as the proxy records it. `denied` is the error code of a refusal. */
export interface AccessRecordInput {
  readonly shareId: string
  readonly workspaceId: string
  readonly ipAddress: string
  readonly userAgent: string | null
  readonly path: string
  readonly method: string
  readonly statusCode: number
  readonly latencyMs: number
  readonly timestampMs: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly denied: string | null
  readonly linkId?: string | null
  readonly visitorId?: string | null
  readonly suppressedCount?: number
}

/**
 * Writes a batch, and in the same transaction counts it on its shares. A refused request is listed but is
 * no access: it neither counts nor moves `lastAccessedAt`.
 */
export async function insertAccessLogs(db: Queryable, records: readonly AccessRecordInput[]): Promise<void> {
  if (records.length === 0) return
  const batch = JSON.stringify(records.map(toJsonRow))
  await inTransaction(db, async (tx) => {
    // Eight times as fast as createMany, which is bound by Prisma's own work per row.
    await tx.client.$executeRaw`
      INSERT INTO access_logs (id, workspace_id, share_id, link_id, visitor_id, ip_address, user_agent, path,
        method, status_code, latency_ms, "timestamp", bytes_in, bytes_out, denied, suppressed_count)
      SELECT id, workspace_id, share_id, link_id, visitor_id, ip_address, user_agent, path,
        method, status_code, latency_ms, to_timestamp(timestamp_ms / 1000.0), bytes_in, bytes_out, denied,
        suppressed_count
      FROM jsonb_to_recordset(${batch}::jsonb) AS r(id text, workspace_id text, share_id text, link_id text,
        visitor_id text, ip_address text, user_agent text, path text, method text, status_code int,
        latency_ms int, timestamp_ms float8, bytes_in bigint, bytes_out bigint, denied text,
        suppressed_count int)`
    await countAccesses(tx, records)
  })
}

async function countAccesses(tx: Queryable, records: readonly AccessRecordInput[]): Promise<void> {
  const counts = JSON.stringify(sumByShare(records))
  // Two nodes may count the same shares at once: locking them in order of id keeps that from deadlocking.
  await tx.client.$executeRaw`
    WITH counted AS (
      SELECT share_id, accesses, to_timestamp(last_ms / 1000.0) AS last_at
      FROM jsonb_to_recordset(${counts}::jsonb) AS r(share_id text, accesses bigint, last_ms float8)
    ), locked AS MATERIALIZED (
      SELECT id FROM shares WHERE id IN (SELECT share_id FROM counted) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE shares SET access_count = access_count + counted.accesses,
      last_accessed_at = greatest(last_accessed_at, counted.last_at)
    FROM counted, locked WHERE shares.id = counted.share_id AND locked.id = shares.id`
}

function sumByShare(records: readonly AccessRecordInput[]): Record<string, unknown>[] {
  const sums = new Map<string, { accesses: number; last_ms: number }>()
  for (const { shareId, timestampMs } of records.filter(({ denied }) => denied === null)) {
    const sum = sums.get(shareId) ?? { accesses: 0, last_ms: timestampMs }
    sum.accesses += 1
    sum.last_ms = Math.max(sum.last_ms, timestampMs)
    sums.set(shareId, sum)
  }
  return Array.from(sums, ([share_id, sum]) => Object.assign(sum, { share_id }))
}

function toJsonRow(record: AccessRecordInput): Record<string, unknown> {
  return {
    id: newId('log'),
    workspace_id: record.workspaceId,
    share_id: record.shareId,
    link_id: record.linkId ?? null,
    visitor_id: record.visitorId ?? null,
    ip_address: record.ipAddress,
    user_agent: record.userAgent === null ? null : toStorableText(record.userAgent),
    path: toStorableText(record.path),
    method: toStorableText(record.method),
    status_code: record.statusCode,
    latency_ms: Math.round(record.latencyMs),
    timestamp_ms: record.timestampMs,
    bytes_in: record.bytesIn,
    bytes_out: record.bytesOut,
    denied: record.denied,
    suppressed_count: record.suppressedCount ?? 0,
  }
}

/** jsonb takes neither NUL nor half a surrogate pair, and one such visitor must not cost the whole batch. */
function toStorableText(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').toWellFormed()
}
