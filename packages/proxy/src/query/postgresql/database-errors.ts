import { AppError } from '@private-connect/errors'
import type { QueryConnection } from '../query-engine.ts'
import { connectFailed, failQuery } from '../query-errors.ts'

/** What PostgreSQL's ErrorResponse says. Detail, context and internal query may hold rows and are left alone. */
interface DatabaseFault extends Error {
  readonly code: string
  readonly hint?: string
  readonly position?: string
}

const timeoutStates = new Set(['57014', '25P03', '25P04'])

/** An error of the session as the asker may see it; what is no answer of the database is a connection that broke. */
export function queryErrorOf(thrown: unknown, connection: QueryConnection): AppError {
  if (thrown instanceof AppError) return thrown
  if (!isDatabaseFault(thrown)) return connectFailed(thrown, connection)
  if (timeoutStates.has(thrown.code))
    return new AppError('query.timeout', undefined, { message: thrown.message })
  // Shutdown, crash of another backend, failover: the session is gone, the next query gets another one.
  if (thrown.code.startsWith('57P') || thrown.code.startsWith('08')) return connectFailed(thrown, connection)
  const position = Number(thrown.position)
  return failQuery(
    thrown.message,
    {
      databaseCode: thrown.code,
      position: Number.isInteger(position) && position > 0 ? position : null,
      hint: thrown.hint ?? null,
    },
    connection,
  )
}

function isDatabaseFault(thrown: unknown): thrown is DatabaseFault {
  return (
    thrown instanceof Error && 'severity' in thrown && 'code' in thrown && typeof thrown.code === 'string'
  )
}
