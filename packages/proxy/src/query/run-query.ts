import { AppError, toAppError } from '@private-connect/errors'
import { startDeadline } from './query-deadline.ts'
import type {
  CheckedQuery,
  QueryCaps,
  QueryConnection,
  QueryEngine,
  QueryRequest,
  QueryResult,
  QueryRules,
} from './query-engine.ts'

/** How a query ended, in the words of its audit row. */
export interface QueryEnding {
  readonly outcome: 'ok' | 'refused' | 'failed' | 'timed_out' | 'cancelled'
  readonly rowCount: number | null
  readonly durationMs: number
  readonly error: AppError | null
}

export interface QueryPorts {
  /** Commits the row of a query that is about to run; one that was refused is complete at once. Its failure ends the query. */
  beginAudit(refusal: QueryEnding | null): Promise<{ complete(ending: QueryEnding): Promise<void> }>
  /** Opens the stored login, for this query only. */
  openConnection(): Promise<{ readonly connection: QueryConnection; readonly allowPrivilegedRole: boolean }>
  /** What could not be told to anyone else. */
  warn(error: unknown, message: string): void
}

export interface QueryTask {
  readonly engine: QueryEngine
  readonly request: QueryRequest
  readonly rules: Omit<QueryRules, 'allowPrivilegedRole'>
  readonly caps: QueryCaps
  /** Aborted when the visitor leaves or the share ends. */
  readonly signal: AbortSignal
}

export interface QueryAnswer extends QueryResult {
  readonly durationMs: number
}

/** Check → audit → open → execute → close. No query runs without its committed row; nothing is dialled before it. */
export async function runQuery(task: QueryTask, ports: QueryPorts): Promise<QueryAnswer> {
  const { engine, request, caps } = task
  const startedMs = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedMs)
  const checked = await checkQuery(task, startedMs, ports)
  const audit = await beginAudit(null, ports)
  const complete = (ending: QueryEnding): Promise<void> =>
    audit
      .complete(ending)
      .catch((error: unknown) => ports.warn(error, 'a query audit could not be completed'))
  const deadline = startDeadline(task.signal, caps.timeoutMs)
  try {
    const { connection, allowPrivilegedRole } = await ports.openConnection()
    deadline.signal.throwIfAborted()
    const rules = { ...task.rules, allowPrivilegedRole }
    const running = engine.execute(checked, { connection, request, rules, caps, signal: deadline.signal })
    const result = await deadline.settle(running)
    const answer = { ...result, durationMs: durationMs() }
    await complete({ outcome: 'ok', rowCount: result.rowCount, durationMs: answer.durationMs, error: null })
    return answer
  } catch (thrown) {
    const error = toAppError(deadline.signal.aborted ? deadline.signal.reason : thrown)
    const outcome = outcomeOf(error, task.signal)
    await complete({ outcome, rowCount: null, durationMs: durationMs(), error })
    throw error
  } finally {
    deadline.stop()
  }
}

async function checkQuery(task: QueryTask, startedMs: number, ports: QueryPorts): Promise<CheckedQuery> {
  try {
    return await task.engine.check(task.request, { ...task.rules, allowPrivilegedRole: false })
  } catch (thrown) {
    const error = toAppError(thrown)
    const durationMs = Math.round(performance.now() - startedMs)
    await beginAudit({ outcome: 'refused', rowCount: null, durationMs, error }, ports)
    throw error
  }
}

async function beginAudit(
  refusal: QueryEnding | null,
  ports: QueryPorts,
): ReturnType<QueryPorts['beginAudit']> {
  try {
    return await ports.beginAudit(refusal)
  } catch (cause) {
    throw new AppError('query.audit_unavailable', undefined, { cause, retryAfterSeconds: 5 })
  }
}

function outcomeOf(error: AppError, signal: AbortSignal): QueryEnding['outcome'] {
  if (error.code === 'query.timeout') return 'timed_out'
  if (signal.aborted) return 'cancelled'
  return error.code === 'query.refused' || error.code === 'query.role_refused' ? 'refused' : 'failed'
}
