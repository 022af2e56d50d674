import type { QueryCaps } from '../../query-engine.ts'

export interface SessionNeeds {
  readonly isMariaDb: boolean
  readonly kind: 'read' | 'write'
  readonly caps: QueryCaps
}

/**
 * Everything that the tokenizer assumes, and what the session may do, in one statement. Session-wide READ ONLY is what
 * keeps MariaDB from running DDL: START TRANSACTION READ ONLY alone does not, since DDL ends that transaction first.
 * `sql_select_limit` lets the server stop by itself behind the last row that anyone will see.
 */
export function sessionSettings({ isMariaDb, kind, caps }: SessionNeeds): string {
  const seconds = Math.ceil(caps.timeoutMs / 1_000)
  const settings = [
    // Without ANSI_QUOTES, NO_BACKSLASH_ESCAPES, IGNORE_SPACE, PIPES_AS_CONCAT or a dialect.
    `sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
    `time_zone = '+00:00'`,
    'autocommit = 0',
    `${isMariaDb ? 'tx_read_only' : 'transaction_read_only'} = ${kind === 'read' ? 1 : 0}`,
    `lock_wait_timeout = ${seconds}`,
    `innodb_lock_wait_timeout = ${seconds}`,
    // Behind the hub's own time, for a server that never hears that the hub has cancelled.
    isMariaDb ? `max_statement_time = ${seconds + 1}` : `max_execution_time = ${(seconds + 1) * 1_000}`,
    ...(kind === 'read' ? [`sql_select_limit = ${caps.rowsMax + 1}`] : []),
  ]
  return `SET NAMES utf8mb4 COLLATE utf8mb4_general_ci, ${settings.map((setting) => `SESSION ${setting}`).join(', ')}`
}
