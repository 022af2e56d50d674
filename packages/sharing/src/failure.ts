/** What kind of thing went wrong; programs map it to what their users get, such as exit codes. */
export type FailureKind =
  | 'failed'
  | 'usage'
  | 'hubUnreachable'
  | 'credentialsRefused'
  | 'nothingListens'
  | 'tunnelFailed'

export interface FailureOptions {
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** The program cannot go on. `message` says what is wrong, `hint` what to do about it; both are for people. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  readonly hint: string | undefined

  constructor(kind: FailureKind, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.hint = options.hint
  }
}

/** The hub answered with an error of the API. `code` is a code of docs/errors.md. */
export class HubRefusal extends Failure {
  readonly code: string

  constructor(code: string, message: string, options: FailureOptions = {}) {
    super(code.startsWith('auth.') ? 'credentialsRefused' : 'failed', message, options)
    this.code = code
  }
}

/** Any thrown value as a Failure, so that there is one way to show it. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Failure('failed', message, { cause: thrown })
}
