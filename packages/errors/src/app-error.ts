import { errorTable, type ErrorCode, type ErrorRow } from './error-table.ts'

/** One thing that is wrong with the input: `path` in dotted form (`allowedPaths.0`), `message` what to change. */
export interface ErrorIssue {
  readonly path: string
  readonly message: string
}

/** What a database says of a query that failed, and where a refused one is wrong. All of it is for the asker. */
export interface QueryFault {
  /** SQLSTATE, error number or error name of the database; null where the hub itself refused. */
  readonly databaseCode: string | null
  /** 1-based, in characters of the query. */
  readonly position: number | null
  readonly hint: string | null
}

export interface AppErrorOptions {
  /** For the log only; may name hosts and internals. */
  readonly message?: string
  readonly cause?: unknown
  readonly issues?: readonly ErrorIssue[]
  readonly query?: QueryFault
  readonly retryAfterSeconds?: number
  /** Extra response headers that the answer needs, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A failure that a caller can be told of. `code` picks the row of the error table, `publicMessage` is the
 * only text that leaves the hub; `message` and `cause` are for the log.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly publicMessage: string
  readonly issues: readonly ErrorIssue[] | undefined
  readonly query: QueryFault | undefined
  readonly retryAfterSeconds: number | undefined
  readonly headers: Readonly<Record<string, string>> | undefined

  constructor(code: ErrorCode, publicMessage?: string, options: AppErrorOptions = {}) {
    const sentence = publicMessage ?? errorTable[code].message
    super(options.message ?? sentence, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.publicMessage = sentence
    this.issues = options.issues
    this.query = options.query
    this.retryAfterSeconds = options.retryAfterSeconds
    this.headers = options.headers
  }

  get row(): ErrorRow {
    return errorTable[this.code]
  }
}

/** Any thrown value as an AppError; what is not one already becomes `internal` with the value as cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  return new AppError('internal', undefined, {
    message: thrown instanceof Error ? thrown.message : describe(thrown),
    cause: thrown,
  })
}

/** Some values cannot be made text: `{ toString: 0 }`, or an object without a prototype. */
function describe(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return `A ${typeof thrown} was thrown`
  }
}
