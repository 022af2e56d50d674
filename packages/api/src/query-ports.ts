import type { Credential } from './credentials/credential.ts'
import type { QueryAnswer, QueryInput } from './contracts/index.ts'

/** A question to a database share by its own workspace. */
export interface OwnerQuestion {
  readonly workspaceId: string
  readonly shareId: string
  /** The user or API key that asks, for the record. */
  readonly actorId: string
  /** What it is asked with. */
  readonly credential: Credential
  readonly ipAddress: string
  readonly userAgent: string | null
  readonly input: QueryInput
  /** Aborted when the caller has left. */
  readonly signal: AbortSignal
}

/**
 * Answers by the rules that hold for visitors, counts and records it as theirs, and cancels it when the share or the
 * credential ends. Rejects with `auth.invalid`, `auth.ip_not_allowed`, `share.not_found`, `share.inactive`, `share.rate_limited` and what queries fail with.
 */
export type AskAsOwner = (question: OwnerQuestion) => Promise<QueryAnswer>
