import type { QueryAnswer, QueryInput } from './contracts/index.ts'

/** A question to a database share by its own workspace. */
export interface OwnerQuestion {
  readonly workspaceId: string
  readonly shareId: string
  /** The user or API key that asks, for the record. */
  readonly actorId: string
  readonly ipAddress: string
  readonly userAgent: string | null
  readonly input: QueryInput
  /** Aborted when the caller has left. */
  readonly signal: AbortSignal
}

/**
 * Answers by the rules that hold for visitors, counts and records it as theirs, and cancels it when the share ends. Rejects
 * with `share.not_found`, `share.inactive`, `share.rate_limited` and what queries fail with.
 */
export type AskAsOwner = (question: OwnerQuestion) => Promise<QueryAnswer>
