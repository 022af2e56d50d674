/** Exit codes, as `--help` lists them. */
export const exitCodes = {
  failed: 1,
  usage: 2,
  hubUnreachable: 3,
  credentialsRefused: 4,
  nothingListens: 5,
  tunnelFailed: 6,
} as const

export type FailureKind = keyof typeof exitCodes

/** The program cannot go on. `message` says what is wrong, `hint` what to do about it; both are for people. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  readonly hint: string | undefined

  constructor(kind: FailureKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.hint = options.hint
  }

  get exitCode(): number {
    return exitCodes[this.kind]
  }
}

/** Any thrown value as a Failure, so that there is one way to show it. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Failure('failed', message, { cause: thrown })
}
