import type { QueryInput } from '@private-connect/api/contracts'
import { beginQueryAudit, completeQueryAudit } from '@private-connect/db'
import type { AppError } from '@private-connect/errors'
import {
  defaultQueryCaps,
  loadEngine,
  runQuery,
  type QueryAnswer,
  type QueryCaps,
  type QueryEnding,
  type QueryPorts,
} from '@private-connect/proxy/query'
import { mayWrite, type DatabaseGrant, type Dial, type ShareGrant } from '@private-connect/proxy/serve'
import type { Logger } from '../logging.ts'
import { connectionOf, openStoredLogin, type StoredLogins } from './database-connection.ts'

export interface RunQuestionOptions {
  readonly logins: StoredLogins
  readonly dial: Dial
  readonly caps?: Partial<QueryCaps>
  /** Called once the events of a workspace have more. */
  readonly eventsAppended: (workspaceId: string) => void
  readonly log: Pick<Logger, 'warn'>
}

/** A question whose form is checked, and whose asker may ask. */
export interface CheckedQuestion {
  readonly grant: ShareGrant
  readonly database: DatabaseGrant
  readonly question: QueryInput
  readonly who: {
    readonly actorId: string | null
    readonly visitorId: string | null
    readonly ipAddress: string
    readonly userAgent: string | null
  }
  readonly signal: AbortSignal
}

export type RunQuestion = (asked: CheckedQuestion) => Promise<QueryAnswer>

/** Runs queries: what `runQuery` needs of the hub's database and vault. */
export function createRunQuestion(options: RunQuestionOptions): RunQuestion {
  const { logins, dial, caps, log } = options
  return async (asked) => {
    const { grant, database, question, signal } = asked
    const engine = await loadEngine(database.engine)
    const rules = { allowWrites: mayWrite(grant, database), maskedColumns: database.maskedColumns }
    const request = { query: question.query.replace(/^\uFEFF/, ''), params: question.params }
    const task = { engine, request, rules, caps: { ...defaultQueryCaps, ...caps }, signal }
    return runQuery(task, {
      ...createAudit(options, asked),
      async openConnection() {
        const { service, workspaceId, id: shareId } = grant
        const login = await openStoredLogin(logins, { workspaceId, serviceId: service.id })
        const connection = connectionOf({ engine, service, shareId, login, dial })
        return { connection, allowPrivilegedRole: login?.allowPrivilegedRole ?? false }
      },
      warn: (err, message) => log.warn({ err, shareId: grant.id }, message),
    })
  }
}

function createAudit(
  { logins: { db }, eventsAppended }: RunQuestionOptions,
  { grant, database, who, question }: CheckedQuestion,
): Pick<QueryPorts, 'beginAudit'> {
  const ids = { workspaceId: grant.workspaceId, shareId: grant.id, serviceId: grant.service.id }
  const { ipAddress } = who
  return {
    async beginAudit(refusal) {
      const id = await beginQueryAudit(db, {
        ...ids,
        ...who,
        linkId: database.linkId,
        query: question.query,
      })
      const complete = async (ending: QueryEnding): Promise<void> => {
        await completeQueryAudit(db, { id, share: grant, ipAddress, ...toRow(ending) })
        eventsAppended(grant.workspaceId)
      }
      if (refusal !== null) await complete(refusal)
      return { complete }
    },
  }
}

function toRow({ outcome, rowCount, durationMs, error }: QueryEnding) {
  return { outcome, rowCount, durationMs, errorMessage: error === null ? null : messageOf(error) }
}

/** What the asker was told, which names no host and no secret. */
function messageOf(error: AppError): string {
  const code = error.query?.databaseCode ?? null
  return code === null ? error.publicMessage : `${code}: ${error.publicMessage}`
}
