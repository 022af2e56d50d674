import type { AppRouter } from '@private-connect/api'
import { TRPCClientError } from '@trpc/client'
import { describeFailure } from '../hub/hub-client.ts'

export interface QueryFailure {
  readonly sentence: string
  /** What the database adds: its code, a hint, when to try again. */
  readonly details: readonly string[]
  /** In characters of the query, from 1. */
  readonly position: number | null
}

/** What a query that failed tells its asker. */
export function describeQueryFailure(error: unknown): QueryFailure {
  const { sentence, issues } = describeFailure(error)
  const data = error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data : null
  const { databaseCode = null, hint = null, position = null } = data?.query ?? {}
  const again = data?.retryAfter === undefined ? null : `Try again in ${data.retryAfter} seconds.`
  const all = [databaseCode, hint, again, ...issues.map(({ message }) => message)]
  return { sentence, position, details: all.filter((text) => text !== null) }
}
