import { AppError } from '@private-connect/errors'

const timeouts: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
])

/** The one place where errors of undici, node:http and sockets become the product's. */
export function classifyFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const code = codeOf(thrown)
  const details = { message: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown }
  if (timeouts.has(code)) return new AppError('upstream.timeout', undefined, details)
  // undici refuses to send what would not be one well-formed request.
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') {
    return new AppError('request.invalid', 'The request cannot be forwarded as it is.', details)
  }
  return new AppError('upstream.failed', undefined, details)
}

/** Whether the stream was never opened through no fault of the service, so that nothing can have been sent. */
export function isLostDial(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'tunnel.failed'
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
