import { AppError } from '@private-connect/errors'
import type { ExecuteOptions, QueryConnection, QueryEngine, QueryResult } from '../query-engine.ts'
import { toQueryError } from './mysql-errors.ts'
import { runStatement, type StatementOutcome } from './run-statement.ts'
import { cancelOnServer } from './session/cancel-on-server.ts'
import { checkCatalogue } from './session/check-catalogue.ts'
import { inspectGrants } from './session/inspect-grants.ts'
import { openSession, type MysqlSession } from './session/open-session.ts'
import { sessionSettings } from './session/session-settings.ts'
import { checkMysqlStatement, type CheckedStatement } from './statement/check-statement.ts'

/** MySQL 5.7 and later, and MariaDB 10.3 and later. */
export const mysqlEngine: QueryEngine<CheckedStatement> = {
  name: 'mysql',
  needsLogin: true,
  check: checkMysqlStatement,
  execute: executeStatement,
  async inspectRole(connection, signal) {
    const session = await openSession({ connection, bytesMax: 1_024 * 1_024, signal })
    const giveUp = (): void => void session.socket.destroy()
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await inspectGrants(session)
    } catch (error) {
      signal.throwIfAborted()
      throw toQueryError(error, '', connection)
    } finally {
      signal.removeEventListener('abort', giveUp)
      session.close()
    }
  },
}

/** Open → settings → rights → catalogue → statement → commit; any abort on the way ends the session on the server first. */
async function executeStatement(checked: CheckedStatement, options: ExecuteOptions): Promise<QueryResult> {
  const { connection, caps, signal } = options
  const session = await openSession({ connection, bytesMax: caps.bytesMax, signal })
  const aborted = cancelOnAbort(session, options)
  try {
    const running = runSession(session, checked, options)
    const { result, isUnfinished } = await Promise.race([running, aborted.promise])
    if (isUnfinished) await cancelOnServer(connection, session.driver.threadId)
    return result
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof AppError ? error : toQueryError(error, checked.sql, connection)
  } finally {
    aborted.stop()
    session.close()
  }
}

async function runSession(
  session: MysqlSession,
  checked: CheckedStatement,
  { rules, caps, signal }: ExecuteOptions,
): Promise<StatementOutcome> {
  await session.ask(sessionSettings({ isMariaDb: session.isMariaDb, kind: checked.kind, caps }))
  if (!rules.allowPrivilegedRole) {
    const { isPrivileged, reason } = await inspectGrants(session)
    if (isPrivileged) throw new AppError('query.role_refused', undefined, { message: reason ?? 'privileged' })
  }
  await checkCatalogue(session, checked)
  const outcome = await runStatement(session, checked, caps)
  if (checked.kind === 'write') {
    signal.throwIfAborted()
    await session.ask('COMMIT')
  }
  return outcome
}

/** Rejects with the signal's reason once the session is ended on the server. */
function cancelOnAbort(session: MysqlSession, { connection, signal }: ExecuteOptions) {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    void endSession(session, connection).finally(() => reject(signal.reason))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  promise.catch(() => {})
  if (signal.aborted) onAbort()
  return { promise, stop: () => signal.removeEventListener('abort', onAbort) }
}

async function endSession(session: MysqlSession, connection: QueryConnection): Promise<void> {
  await cancelOnServer(connection, session.driver.threadId)
  session.socket.destroy()
}
