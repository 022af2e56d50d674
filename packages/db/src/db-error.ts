import { AppError } from '@private-connect/errors'

/** SQLSTATE classes and codes, Prisma codes and errnos that mean "not now", not "never". */
const unavailableCodes = new Set([
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock timeout
  '57014', // statement timeout
  '57P01', // terminated by an administrator
  '57P02', // crash of another backend
  '57P03', // starting up or shutting down
  '40001', // serialization failure
  '40P01', // deadlock
  '25006', // read-only, as a standby is
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'P2034',
  'P2037',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
])

/** What pg, or Prisma for a raw query, says without a code of its own when a connection cannot be had or is lost. */
const unavailableMessage =
  /can't reach database server|connection terminated|timeout exceeded when trying to connect|query read timeout|connection ended|not queryable|connection error/i

/** Text that PostgreSQL cannot store: NUL, broken UTF-8. The caller sent it. */
const invalidTextCodes = new Set(['22021', '22P05'])

/** The only place where Prisma's and pg's errors become AppErrors. The text of the cause is for the log. */
export function toDbError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const codes = errorCodes(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const options = { message: `${codes.join(' ')} ${message}`.trim(), cause: thrown }
  if (codes.some(isUnavailable) || unavailableMessage.test(message)) {
    return new AppError('hub.store_unavailable', undefined, options)
  }
  if (codes.some((code) => invalidTextCodes.has(code))) {
    return new AppError('request.invalid', 'The request has characters that cannot be stored.', options)
  }
  return new AppError('internal', undefined, options)
}

/** Whether a write was refused because a unique value is taken: by Prisma's code or by PostgreSQL's. */
export function isUniqueViolation(thrown: unknown): boolean {
  return errorCodes(thrown).some((code) => code === 'P2002' || code === '23505')
}

function isUnavailable(code: string): boolean {
  return unavailableCodes.has(code) || code.startsWith('08')
}

/** Prisma hides the server's code at `meta.driverAdapterError.cause.originalCode`, or says only its `kind`; pg has it at `code`. */
function errorCodes(thrown: unknown, depth = 0): string[] {
  if (typeof thrown !== 'object' || thrown === null || depth > 5) return []
  const { code, originalCode, kind, meta, cause, driverAdapterError } = thrown as Record<string, unknown>
  const here = [code, originalCode, kind].filter((value) => typeof value === 'string')
  return [...here, ...[meta, driverAdapterError, cause].flatMap((inner) => errorCodes(inner, depth + 1))]
}
