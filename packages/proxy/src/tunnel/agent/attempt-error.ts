import type { WaitReason } from './agent-status.ts'

/** Why an attempt to reach the hub failed, in words for the agent's user. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError'
  readonly reason: WaitReason
  readonly retryAfterMs: number

  constructor(reason: WaitReason, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = reason
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}

/** Any thrown value as an AttemptError; errors of the network and of TLS are told apart by their code. */
export function toAttemptError(thrown: unknown): AttemptError {
  if (thrown instanceof AttemptError) return thrown
  const code = readCode(thrown)
  if (isCertificateCode(code))
    return new AttemptError('tls_failed', `The hub's certificate was refused (${code}).`, { cause: thrown })
  const detail = code === '' ? '' : ` (${code})`
  return new AttemptError('unreachable', `The hub cannot be reached${detail}.`, { cause: thrown })
}

function readCode(thrown: unknown): string {
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : ''
  return typeof code === 'string' ? code : ''
}

function isCertificateCode(code: string): boolean {
  return /CERT|SIGNED|SIGNATURE|ALTNAME|ISSUER|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)
}
