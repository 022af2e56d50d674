import { AppError } from '@private-connect/errors'
import type { QueryConnection } from '../query-engine.ts'
import { connectFailed, failQuery } from '../query-errors.ts'
import { characterAt } from './statement/tokenize-sql.ts'

/** An error packet of the server, as the driver throws it. */
interface ServerError {
  readonly errno: number
  readonly sqlState: string
  readonly sqlMessage: string
}

export function isServerError(error: unknown): error is Error & ServerError {
  return error instanceof Error && 'errno' in error && 'sqlState' in error && 'sqlMessage' in error
}

/** The server's own time limit, of MariaDB and of MySQL. */
const timeLimits = new Set([1969, 3024])

const hints: Readonly<Record<number, string>> = {
  1046: 'Name the database before the table: database.table.',
  1054: 'DESCRIBE a table to see its columns.',
  1142: 'The login of this share may not do that.',
  1146: 'SHOW TABLES lists the tables.',
  1205: 'Another transaction holds a lock.',
  1792: 'The query would write, and runs in a session that only reads.',
}

/** What a query of the visitor ended with: the server's own words, its number and SQLSTATE, and where it stopped reading. */
export function toQueryError(
  error: unknown,
  sql: string,
  connection: Pick<QueryConnection, 'host' | 'login'>,
): AppError {
  if (!isServerError(error)) return connectFailed(error, connection)
  if (timeLimits.has(error.errno)) return new AppError('query.timeout', undefined, { cause: error })
  const { errno, sqlState, sqlMessage } = error
  const fault = {
    databaseCode: `${errno} (${sqlState})`,
    position: errno === 1064 ? syntaxPosition(sqlMessage, sql) : null,
    hint: hints[errno] ?? null,
  }
  return failQuery(sqlMessage, fault, connection)
}

/** `… near 'FORM t' at line 2`: the last such text that begins in that line, counted in characters from 1. */
function syntaxPosition(message: string, sql: string): number | null {
  const [, near = '', line = '1'] = /near '([\s\S]*)' at line (\d+)$/.exec(message) ?? []
  const starts = [0, ...[...sql.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineStart = starts[Number(line) - 1]
  if (lineStart === undefined) return null
  const lineEnd = starts[Number(line)] ?? sql.length
  const at = near === '' ? sql.trimEnd().length : sql.lastIndexOf(near, lineEnd)
  return at < lineStart ? null : characterAt(sql, at)
}
