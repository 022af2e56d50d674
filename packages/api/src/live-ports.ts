import type { EventRow } from '@private-connect/db'
import type { AppError } from '@private-connect/errors'
import type { Credential } from './credentials/credential.ts'

/** Whoever holds a subscription. */
export interface Subscriber {
  readonly credential: Credential
  readonly ipAddress: string
  /** Aborted when the client has left. */
  readonly signal: AbortSignal
}

export interface Admission {
  /** Aborted when the subscription is to end: the client has left, its credential has ended, the hub stops. */
  readonly signal: AbortSignal
  /** Why, where that is not the client’s own doing. */
  readonly ending: AppError | null
  release(): void
}

/** What subscriptions need from the hub. */
export interface LivePorts {
  /** Counts a subscription and watches its credential. Throws `subscription.limit`, `hub.draining`. */
  admit(subscriber: Subscriber): Admission
  /**
   * A workspace's events after a number (null: from when this resolves), in batches, without an end but the signal. Whoever
   * has it iterates it. What went wrong in opening it is thrown there.
   */
  follow(following: {
    readonly workspaceId: string
    readonly afterSeq: number | null
    readonly signal: AbortSignal
  }): Promise<AsyncIterable<readonly EventRow[]>>
}
