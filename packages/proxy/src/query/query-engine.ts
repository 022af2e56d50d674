import type { Duplex } from 'node:stream'

export const engineNames = ['postgresql', 'mysql', 'mongodb', 'redis'] as const
export type EngineName = (typeof engineNames)[number]

/** What the visitor asks. Well-formed text of at most 10,000 characters without NUL. */
export interface QueryRequest {
  readonly query: string
  /** Values for the placeholders of the engine's own language (`$1`, `?`), as JSON has them. */
  readonly params: readonly unknown[]
}

/** What this share lets a query do. */
export interface QueryRules {
  readonly allowWrites: boolean
  /** `table.column`, with or without the schema before it; empty: none is masked. */
  readonly maskedColumns: readonly string[]
  /** The owner confirmed a login with superuser-like rights. */
  readonly allowPrivilegedRole: boolean
}

export interface QueryCaps {
  readonly rowsMax: number
  /** Of the rows as JSON. */
  readonly bytesMax: number
  /** From the dial to the last row. */
  readonly timeoutMs: number
}

export const defaultQueryCaps: QueryCaps = { rowsMax: 1_000, bytesMax: 5 * 1_024 * 1_024, timeoutMs: 15_000 }

export interface DatabaseLogin {
  readonly username: string | null
  readonly password: string
  readonly database: string | null
}

/** `verify`: TLS with a certificate that verifies for the host. `require`: TLS, any certificate. Never less than asked. */
export type DatabaseTls = 'off' | 'require' | 'verify'

/** The way to one database, for one query. */
export interface QueryConnection {
  /** The host as its owner named it, for the TLS server name only: where the bytes go is the dial's business. */
  readonly host: string
  readonly login: DatabaseLogin
  readonly tls: DatabaseTls
  /**
   * Opens one more stream to the database; an engine may open a second one to cancel. The signal counts until it is open,
   * then the stream is the engine's to close. Rejects with an AppError.
   */
  dial(signal: AbortSignal): Promise<Duplex>
}

export interface QueryResult {
  /** In the order of the result, each name once. */
  readonly columns: readonly string[]
  /** JSON values by column name; objects without a prototype. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Rows in the answer; for a write, rows that it changed. */
  readonly rowCount: number
  /** There was more than the caps let through. */
  readonly truncated: boolean
}

/** A query that its engine's rules let through, with whatever the engine needs to run it. */
export interface CheckedQuery {
  readonly kind: 'read' | 'write'
}

export interface ExecuteOptions {
  readonly connection: QueryConnection
  readonly request: QueryRequest
  readonly rules: QueryRules
  readonly caps: QueryCaps
  /** Aborted when the visitor leaves, the share ends or the time is up; its reason is what `execute` then throws. */
  readonly signal: AbortSignal
}

export interface RoleFinding {
  readonly isPrivileged: boolean
  /** For the owner: which rights are too many. Null when none is. */
  readonly reason: string | null
}

/** One kind of database. `run-query.ts` calls check, then execute; nothing of a query's text is ever evaluated. */
export interface QueryEngine<Checked extends CheckedQuery = CheckedQuery> {
  readonly name: EngineName
  /** Whether a session can be opened without a stored login. */
  readonly needsLogin: boolean
  /** Pure: before the audit row and before any dial. Throws `query.refused` with what was refused, where, and a hint. */
  check(request: QueryRequest, rules: QueryRules): Checked | Promise<Checked>
  /**
   * Runs one query on a connection of its own, which is closed before this settles. Refuses a privileged role
   * (`query.role_refused`) unless the rules allow it. Reads are rolled back, a write is committed. On an abort, and
   * when a cap is reached, the query is cancelled on the server first. Throws `query.failed`, `query.unavailable`,
   * `query.refused` or the signal's reason.
   */
  execute(checked: Checked, options: ExecuteOptions): Promise<QueryResult>
  /** Signs in and looks at what the login may do, for its owner. Throws `query.unavailable`. */
  inspectRole(connection: QueryConnection, signal: AbortSignal): Promise<RoleFinding>
}
