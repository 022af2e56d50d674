import type { ShareGrant } from '../share-grant.ts'
import type { DatabaseGrant } from './database-grant.ts'

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
