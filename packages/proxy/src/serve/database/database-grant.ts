import type { EngineName } from '../../query/query-engine.ts'
import type { ShareGrant } from '../ports.ts'

/** What a share of a database lets its visitors ask. */
export interface DatabaseGrant {
  readonly engine: EngineName
  /** Before the workspace's policy and the share's methods. */
  readonly allowWrites: boolean
  /** The workspace's databases may only be read. */
  readonly isReadOnly: boolean
  readonly maskedColumns: readonly string[]
  /** The link that the visitor came by. */
  readonly linkId: string | null
}

/** What a visitor's query is answered from, and to whom. */
export interface QueryQuestion {
  readonly grant: ShareGrant
  readonly database: DatabaseGrant
  /** The body as parsed JSON, not checked yet. */
  readonly body: unknown
  readonly ipAddress: string
  /** Cut and masked as in the access log. */
  readonly userAgent: string | null
  readonly visitorId: string
  /** Aborted when the visitor leaves or the share is cut; its reason is the answer then. */
  readonly signal: AbortSignal
}

/** Runs a query; answers what becomes JSON. Rejects with an AppError. */
export type AskDatabase = (question: QueryQuestion) => Promise<object>

/** A share writes only if it says so, and neither its methods nor its workspace take that back. */
export function mayWrite(
  { allowedMethods }: Pick<ShareGrant, 'allowedMethods'>,
  database: DatabaseGrant,
): boolean {
  const isGetOnly = allowedMethods !== null && allowedMethods.every((method) => method === 'GET')
  return database.allowWrites && !database.isReadOnly && !isGetOnly
}
