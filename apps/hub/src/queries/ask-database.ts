import { readQueryInput } from '@private-connect/api'
import { beginQueryAudit, completeQueryAudit } from '@private-connect/db'
import type { AppError } from '@private-connect/errors'
import {
  defaultQueryCaps,
  loadEngine,
  runQuery,
  type QueryCaps,
  type QueryEnding,
  type QueryPorts,
} from '@private-connect/proxy/query'
import { mayWrite, type AskDatabase, type Dial, type QueryQuestion } from '@private-connect/proxy/serve'
import type { Logger } from '../logging.ts'
import { connectionOf, openStoredLogin, type StoredLogins } from './database-connection.ts'

export interface AskDatabaseOptions {
  readonly logins: StoredLogins
  readonly dial: Dial
  readonly caps?: Partial<QueryCaps>
  /** Called once the events of a workspace have more. */
  readonly eventsAppended: (workspaceId: string) => void
  readonly log: Pick<Logger, 'warn'>
}

/** Answers visitors' queries: what `runQuery` needs of the hub's database and vault. */
export function createAskDatabase(options: AskDatabaseOptions): AskDatabase {
  const { logins, dial, caps, log } = options
  return async (question) => {
    const { grant, database, signal } = question
    const { query, params } = readQueryInput(question.body)
    const engine = await loadEngine(database.engine)
    const rules = { allowWrites: mayWrite(grant, database), maskedColumns: database.maskedColumns }
    const request = { query: query.replace(/^\uFEFF/, ''), params }
    const task = { engine, request, rules, caps: { ...defaultQueryCaps, ...caps }, signal }
    return runQuery(task, {
      ...createAudit(options, question, query),
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
  { logins: { db }, eventsAppended }: AskDatabaseOptions,
  question: QueryQuestion,
  query: string,
): Pick<QueryPorts, 'beginAudit'> {
  const { grant, database, ipAddress, userAgent, visitorId } = question
  const ids = { workspaceId: grant.workspaceId, shareId: grant.id, serviceId: grant.service.id }
  return {
    async beginAudit(refusal) {
      const who = { ...ids, linkId: database.linkId, visitorId, ipAddress, userAgent }
      const id = await beginQueryAudit(db, { ...who, query })
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

/** What the visitor was told, which names no host and no secret. */
function messageOf(error: AppError): string {
  const code = error.query?.databaseCode ?? null
  return code === null ? error.publicMessage : `${code}: ${error.publicMessage}`
}
