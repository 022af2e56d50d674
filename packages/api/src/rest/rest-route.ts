import type { ErrorCode } from '@private-connect/errors'
import type { RestRequest } from './read-input.ts'

export type Access = 'public' | 'credential' | 'session'
export type RestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface StreamRoute {
  /** Every type that the answer may have, the usual one first. */
  readonly mediaTypes: readonly string[]
  headersOf(request: RestRequest): Readonly<Record<string, string>>
}

/** How a procedure looks over REST. It stands beside its router and is all that the adapter and OpenAPI know. */
export interface RestRoute {
  readonly method: RestMethod
  /** `/v1/…` with `:name` for each path parameter, which are fields of the procedure's input. */
  readonly path: `/v1/${string}`
  readonly status: 200 | 201
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** For a page of a list: the documented envelope's field, or null for a bare array. */
  readonly list?: { readonly field: string | null }
  /** For an answer of any length: the procedure's output is an async iterable of text, sent as it is read. */
  readonly stream?: StreamRoute
  /** Whoever leaves before the answer has it cancelled. */
  readonly stopsWithCaller?: true
  /** Sets the session cookie. */
  readonly setsCookie?: true
  /** Beside those that follow from its access and input. */
  readonly errors?: readonly ErrorCode[]
  readonly example: {
    /** Path parameters, query and body together, as the procedure takes them. */
    readonly input?: Readonly<Record<string, unknown>>
    /** The answer's body as REST sends it. */
    readonly output: unknown
  }
}
