import { AppError } from '@private-connect/errors'
import type {
  ExecuteOptions,
  QueryConnection,
  QueryEngine,
  QueryResult,
  RoleFinding,
} from '../query-engine.ts'
import { beginSteps } from './begin-transaction.ts'
import { callRefusal, callRulesStep } from './call-rules.ts'
import { queryErrorOf } from './database-errors.ts'
import type { Step, TextRow } from './exchange.ts'
import { masksStep, noMasks, readMasks, type MaskCatalog } from './masking/mask-catalog.ts'
import { proveMasking } from './masking/mask-rules.ts'
import { readRole, roleStep } from './role-rules.ts'
import { runStatement } from './run-statement.ts'
import { withSession, type Session } from './session.ts'
import { checkStatement, type CheckedStatement } from './statement/check-statement.ts'

/** For looking at a role: what its session may take. */
const inspection = { bytesMax: 65_536, timeoutMs: 10_000 }

/** PostgreSQL by its own grammar and the extended protocol, on one connection for each query. */
export const postgresqlEngine: QueryEngine<CheckedStatement> = {
  name: 'postgresql',
  needsLogin: true,
  check: checkStatement,
  execute,
  inspectRole,
}

async function execute(checked: CheckedStatement, options: ExecuteOptions): Promise<QueryResult> {
  const { connection, caps, signal } = options
  return converting({ connection, signal }, () =>
    withSession({ connection, signal, bytesMax: caps.bytesMax }, async (session) => {
      const masks = await begin(session, checked, options)
      return runStatement(session, { checked, masks }, options)
    }),
  )
}

/** One round trip: the transaction, what the role may do, and what stands behind the names of the statement. */
async function begin(
  session: Session,
  checked: CheckedStatement,
  options: ExecuteOptions,
): Promise<MaskCatalog> {
  const { caps, rules } = options
  const { maskedColumns } = rules
  const calls = callRulesStep(checked)
  const masked = maskedColumns.length === 0 ? null : masksStep(maskedColumns, checked)
  const begin = beginSteps({ kind: checked.kind, caps, serverVersion: session.serverVersion })
  const steps = [...begin, roleStep, calls, masked].filter((step) => step !== null)
  const outcomes = await session.run(steps).catch(withoutPosition)
  const rowsOf = (step: Step | null): readonly TextRow[] =>
    step === null ? [] : (outcomes[steps.indexOf(step)]?.rows ?? [])
  const { isPrivileged, reason } = readRole(rowsOf(roleStep)[0])
  if (isPrivileged && !rules.allowPrivilegedRole)
    throw new AppError('query.role_refused', undefined, { message: reason ?? 'privileged role' })
  const refusal = callRefusal(rowsOf(calls))
  if (refusal !== null) throw refusal
  if (masked === null) return noMasks
  const masks = readMasks(rowsOf(masked), maskedColumns)
  proveMasking(checked.statement, masks)
  return masks
}

/** Of statements that the asker did not write. */
function withoutPosition(error: unknown): never {
  if (error instanceof Error && 'position' in error) error.position = undefined
  throw error
}

async function inspectRole(connection: QueryConnection, signal: AbortSignal): Promise<RoleFinding> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(inspection.timeoutMs)])
  return converting({ connection, signal }, () =>
    withSession({ connection, signal: limited, bytesMax: inspection.bytesMax }, async (session) => {
      const [role] = await session.run([roleStep])
      return readRole(role?.rows[0])
    }),
  )
}

async function converting<Result>(
  { connection, signal }: Pick<ExecuteOptions, 'connection' | 'signal'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    throw queryErrorOf(error, connection)
  }
}
