import type { QueryCaps } from '../query-engine.ts'
import type { Step } from './exchange.ts'

/** How long a query may wait for somebody else's lock. */
const lockTimeoutMs = 5_000

interface BeginOptions {
  readonly kind: 'read' | 'write'
  readonly caps: Pick<QueryCaps, 'timeoutMs'>
  readonly serverVersion: number
}

/**
 * The first statements of every session. They take the transaction's snapshot, after which PostgreSQL lets nothing make a
 * read-only transaction writable; the settings make its texts unambiguous and last as long as the transaction.
 */
export function beginSteps({ kind, caps, serverVersion }: BeginOptions): Step[] {
  const mode = kind === 'read' ? 'REPEATABLE READ, READ ONLY' : 'READ COMMITTED, READ WRITE'
  const settings = [...settingsOf(caps.timeoutMs, serverVersion)]
  const calls = settings.map((_setting, at) => `pg_catalog.set_config($${2 * at + 1}, $${2 * at + 2}, true)`)
  return [
    { text: `BEGIN ISOLATION LEVEL ${mode}` },
    { text: `SELECT ${calls.join(', ')}`, values: settings.flat() },
  ]
}

function settingsOf(timeoutMs: number, serverVersion: number): Map<string, string> {
  const settings = new Map([
    // The grammar that checked the text reads backslashes so.
    ['standard_conforming_strings', 'on'],
    ['statement_timeout', String(timeoutMs)],
    ['lock_timeout', String(Math.min(lockTimeoutMs, timeoutMs))],
    ['idle_in_transaction_session_timeout', String(timeoutMs)],
    ['client_min_messages', 'error'],
    ['DateStyle', 'ISO'],
    ['IntervalStyle', 'iso_8601'],
    ['TimeZone', 'UTC'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', '1'],
    ['row_security', 'on'],
  ])
  if (serverVersion >= 170_000) settings.set('transaction_timeout', String(timeoutMs + lockTimeoutMs))
  return settings
}
