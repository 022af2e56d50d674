import { AppError } from '@private-connect/errors'

/** The one place where errors of sockets and node:http become the product's. */
export function classifyFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const code = codeOf(thrown)
  const details = { message: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown }
  if (code === 'ETIMEDOUT') return new AppError('upstream.timeout', undefined, details)
  return new AppError('upstream.failed', undefined, details)
}

/** Whether the stream was never opened through no fault of the service, so that nothing can have been sent. */
export function isLostDial(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'tunnel.failed'
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
