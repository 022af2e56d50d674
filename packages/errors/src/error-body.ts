import type { AppError, ErrorIssue, QueryFault } from './app-error.ts'
import type { ErrorCode } from './error-table.ts'

/** The JSON body of every error answer (SPEC §3). */
export interface ErrorBody {
  readonly error: string
  readonly message: string
  readonly statusCode: number
  readonly code: ErrorCode
  readonly requestId: string
  readonly issues?: readonly ErrorIssue[]
  readonly query?: QueryFault
  readonly retryAfter?: number
}

export interface ErrorResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

/** How an error is answered over HTTP: status, headers (`Retry-After`, `Allow` …) and body. */
export function toErrorResponse(error: AppError, requestId: string): ErrorResponse {
  const { status, title } = error.row
  const retryAfter = error.retryAfterSeconds
  return {
    status,
    headers: {
      ...error.headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: {
      error: title,
      message: error.publicMessage,
      statusCode: status,
      code: error.code,
      requestId,
      ...(error.issues === undefined ? {} : { issues: error.issues }),
      ...(error.query === undefined ? {} : { query: error.query }),
      ...(status === 429 && retryAfter !== undefined ? { retryAfter } : {}),
    },
  }
}
