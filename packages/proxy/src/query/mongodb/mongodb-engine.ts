import { AppError } from '@private-connect/errors'
import { MongoServerError } from 'mongodb'
import { wireBytesMax } from '../driver-socket.ts'
import type { ExecuteOptions, QueryEngine, QueryResult } from '../query-engine.ts'
import { failQuery, refuseQuery } from '../query-errors.ts'
import { cancelOperations } from './cancel-operations.ts'
import { checkCommand, type MongoCommand } from './command-rules.ts'
import { inspectRole } from './inspect-role.ts'
import { openMongoSession, type MongoSession } from './mongo-session.ts'
import { parseShell } from './parse-shell.ts'
import { runCommand } from './run-command.ts'
import { toCommand } from './shell-to-command.ts'

export const mongodbEngine: QueryEngine<MongoCommand> = {
  name: 'mongodb',
  needsLogin: false,
  check({ query, params }, { allowWrites, maskedColumns }) {
    if (params.length > 0) throw refuseQuery('MongoDB has no placeholders: write the values into the query.')
    if (maskedColumns.length > 0) {
      throw refuseQuery('This share masks columns, which is for SQL. Its owner has to share MongoDB without.')
    }
    return checkCommand(toCommand(parseShell(query)), allowWrites)
  },
  async execute(command, options) {
    const { connection, caps, signal } = options
    const bytesMax = wireBytesMax(caps.bytesMax) + messageBytesMax
    const session = await openMongoSession({ connection, bytesMax, timeoutMs: caps.timeoutMs, signal })
    try {
      return await runCancellable(command, session, options)
    } catch (error) {
      throw signal.aborted ? signal.reason : toQueryError(error, options)
    } finally {
      await session.close()
    }
  },
  async inspectRole(connection, signal) {
    const options = { connection, bytesMax: messageBytesMax, timeoutMs: roleTimeoutMs, signal }
    const session = await openMongoSession(options)
    try {
      return await inspectRole(session.db)
    } finally {
      await session.close()
    }
  },
}

/** One document may have as much. */
const messageBytesMax = 16 * 1_024 * 1_024
const roleTimeoutMs = 10_000

async function runCancellable(
  command: MongoCommand,
  session: MongoSession,
  { rules, caps, signal }: ExecuteOptions,
): Promise<QueryResult> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => void cancelOperations(session).finally(() => aborted.reject(signal.reason))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([runAllowed(command, session, { rules, caps }), aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function runAllowed(
  command: MongoCommand,
  session: MongoSession,
  { rules, caps }: Pick<ExecuteOptions, 'rules' | 'caps'>,
): Promise<QueryResult> {
  const role = await inspectRole(session.db)
  if (role.isPrivileged && !rules.allowPrivilegedRole) throw new AppError('query.role_refused')
  return runCommand(command, session, caps)
}

const maxTimeExpired = 50

function toQueryError(error: unknown, { connection }: ExecuteOptions): unknown {
  if (error instanceof AppError) return error
  if (!(error instanceof MongoServerError)) {
    const message = error instanceof Error ? error.message : String(error)
    return new AppError('query.unavailable', undefined, { message })
  }
  if (error.code === maxTimeExpired) return new AppError('query.timeout', undefined, { cause: error })
  const name: unknown = error['codeName']
  const databaseCode = typeof name === 'string' ? name : String(error.code ?? '')
  return failQuery(error.message, { databaseCode: databaseCode === '' ? null : databaseCode }, connection)
}
