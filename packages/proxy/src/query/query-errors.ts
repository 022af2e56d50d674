import { AppError, type QueryFault } from '@private-connect/errors'
import type { QueryConnection } from './query-engine.ts'

const noFault: QueryFault = { databaseCode: null, position: null, hint: null }

/** The hub's own refusal, before anything was sent. `position` counts characters from 1. */
export function refuseQuery(
  sentence: string,
  fault: Partial<Omit<QueryFault, 'databaseCode'>> = {},
): AppError {
  return new AppError('query.refused', sentence, { query: { ...noFault, ...fault } })
}

/** What the database itself says of a query, scrubbed of what the asker must not learn. */
export function failQuery(
  message: string,
  fault: Partial<QueryFault>,
  connection: Pick<QueryConnection, 'host' | 'login'>,
): AppError {
  const scrub = (text: string): string => scrubSecrets(text, connection)
  const hint = fault.hint === undefined || fault.hint === null ? null : scrub(fault.hint)
  return new AppError('query.failed', scrub(message), {
    query: { ...noFault, ...fault, hint },
    // The log has the scrubbed text as well: a database may repeat a whole DSN.
    message: scrub(message),
  })
}

/** A session could not be opened. The visitor is told nothing else; the log learns what the database said, scrubbed. */
export function connectFailed(cause: unknown, connection: Pick<QueryConnection, 'host' | 'login'>): AppError {
  if (cause instanceof AppError) return cause
  const said = cause instanceof Error ? cause.message : String(cause)
  return new AppError('query.unavailable', undefined, { message: scrubSecrets(said, connection) })
}

const messageMax = 1_000
/** A database may say as much as it likes, and some of the expressions below take time by the square of it. */
const readMax = 4_096
const dsn = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"]*/gi
const userAtHost = /'[^'\s]*'@'[^'\s]*'/g
const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b(?::\d+)?|\[[0-9a-f:]*:[0-9a-f:]*\](?::\d+)?/gi
const filePath = /(?<![\w.])(?:\/[\w.@+-]+){2,}\/?|\b[A-Za-z]:\\[\w.\\@+-]+/g

/** A database's message without its login, host, connection strings, addresses and the server's file paths. */
export function scrubSecrets(text: string, { host, login }: Pick<QueryConnection, 'host' | 'login'>): string {
  let clean = text
    .slice(0, readMax)
    .replace(dsn, '***')
    .replace(userAtHost, '***')
    .replace(address, '***')
    .replace(filePath, '***')
  // A short word such as a host `db` would take letters out of every message; at a word's bounds it does not.
  for (const secret of [login.password, login.username, host]) {
    if (secret !== null && secret !== '') clean = clean.replaceAll(wordOf(secret), '***')
  }
  return clean.slice(0, messageMax)
}

function wordOf(secret: string): RegExp {
  const escaped = secret.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  return new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`, 'g')
}
