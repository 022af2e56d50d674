import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { toCopyText } from './copy-text.ts'
import type { Db } from './create-db.ts'
import { toDbError } from './db-error.ts'
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

const columns = `id, workspace_id, share_id, link_id, visitor_id, ip_address, user_agent, path, method,
  status_code, latency_ms, "timestamp", bytes_in, bytes_out, denied, suppressed_count`

const integerMax = 2 ** 31 - 1

/**
 * Writes a batch, and in the same transaction counts it on its shares. A refused request is listed but is
 * no access: it neither counts nor moves `lastAccessedAt`.
 *
 * One message with all statements, which PostgreSQL takes as one transaction, costs a quarter of the CPU of the same
 * rows as jsonb through Prisma. The counting stands last, so that the shares are locked only for a moment.
 *
 * `synchronous_commit` is off for this transaction alone: it is visible to all at once and outlives a `kill -9` of the
 * hub, as PostgreSQL has it; only a crash of PostgreSQL or of its machine within about 600 ms (three times
 * `wal_writer_delay`) undoes it, as a whole. The visitors' log may lose that much; nothing else is written this way.
 */
export async function insertAccessLogs(
  { pool }: Pick<Db, 'pool'>,
  records: readonly AccessRecordInput[],
): Promise<void> {
  if (records.length === 0) return
  const visits = groupByShare(records)
  const statements = [
    'SET LOCAL synchronous_commit TO off',
    `COPY access_logs (${columns}) FROM STDIN`,
    ...countingStatements(visits),
  ]
  try {
    await copyIn(pool, statements.join(';'), Array.from(visits.values(), ({ rows }) => rows).join(''))
  } catch (error) {
    throw toDbError(error)
  }
}

async function copyIn(pool: pg.Pool, sql: string, text: string): Promise<void> {
  const client = await pool.connect()
  try {
    const copying = client.query(copyFrom(sql))
    // It may tell of a lost connection once more, after the first error has ended the waiting below.
    copying.on('error', () => {})
    // Half a surrogate pair becomes U+FFFD here.
    copying.end(Buffer.from(text, 'utf8'))
    await finished(copying)
  } catch (error) {
    // Nobody knows in which state the connection is.
    client.release(true)
    throw error
  }
  client.release()
}

/** What a batch has of one share. */
interface ShareVisits {
  /** In the order of the records, and with ids in that order. */
  rows: string
  /** Of those that were not refused. */
  accessCount: number
  lastMs: number
}

/** Rows of a share that stand together fill its pages of the indexes better, and are read together later. */
function groupByShare(records: readonly AccessRecordInput[]): Map<string, ShareVisits> {
  const visits = new Map<string, ShareVisits>()
  for (const record of records) {
    let share = visits.get(record.shareId)
    if (share === undefined) visits.set(record.shareId, (share = { rows: '', accessCount: 0, lastMs: 0 }))
    share.rows += toCopyRow(record)
    if (record.denied !== null) continue
    share.accessCount += 1
    share.lastMs = Math.max(share.lastMs, record.timestampMs)
  }
  return visits
}

/** The columns in their order. One template for each row: a list of values for each row took twice the time. */
function toCopyRow(record: AccessRecordInput): string {
  const { statusCode, bytesIn, bytesOut, suppressedCount = 0 } = record
  const share = `${newId('log')}\t${toCopyText(record.workspaceId)}\t${toCopyText(record.shareId)}`
  const visitor =
    `${toCopyText(record.linkId)}\t${toCopyText(record.visitorId)}\t${toCopyText(record.ipAddress)}\t` +
    toCopyText(record.userAgent)
  // A WebSocket may live for longer than 24 days.
  const latencyMs = Math.min(Math.round(record.latencyMs), integerMax)
  const request = `${toCopyText(record.path)}\t${toCopyText(record.method)}\t${statusCode}\t${latencyMs}`
  const rest = `${bytesIn}\t${bytesOut}\t${toCopyText(record.denied)}\t${suppressedCount}`
  return `${share}\t${visitor}\t${request}\t${toIsoTime(record.timestampMs)}\t${rest}\n`
}

/** None when all were refused. COPY takes no parameters, nor does any statement beside it: the values are quoted. */
function countingStatements(visits: ReadonlyMap<string, ShareVisits>): string[] {
  const rows = Array.from(visits)
    .filter(([, { accessCount }]) => accessCount > 0)
    .map(([shareId, { accessCount, lastMs }]) => {
      const id = pg.escapeLiteral(shareId.replaceAll('\0', '\u{FFFD}'))
      return `(${id}, ${accessCount}, timestamptz '${toIsoTime(lastMs)}')`
    })
  if (rows.length === 0) return []
  // Two nodes may count the same shares at once: locking them in order of id keeps that from deadlocking.
  const statement = `
    WITH counted (share_id, accesses, last_at) AS (VALUES ${rows.join()}), locked AS MATERIALIZED (
      SELECT id FROM shares WHERE id IN (SELECT share_id FROM counted) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE shares SET access_count = access_count + counted.accesses,
      last_accessed_at = greatest(last_accessed_at, counted.last_at)
    FROM counted, locked WHERE shares.id = counted.share_id AND locked.id = shares.id`
  return [statement]
}

let lastTimeMs = 0
let lastTimeText = new Date(0).toISOString()

/** Records of one millisecond come one after the other, so the last text is often the next one. */
function toIsoTime(ms: number): string {
  if (ms !== lastTimeMs) {
    lastTimeText = new Date(ms).toISOString()
    lastTimeMs = ms
  }
  return lastTimeText
}
