import { AppError, toAppError, type ErrorCode, type ErrorIssue } from '@private-connect/errors'
import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { describeIssues } from './describe-issues.ts'

/** What tRPC raises by itself, before or around a procedure; each keeps the status that tRPC answers with. */
const frameworkErrors: Partial<Record<TRPCError['code'], ErrorCode>> = {
  PARSE_ERROR: 'request.malformed_json',
  BAD_REQUEST: 'request.invalid',
  NOT_FOUND: 'route.not_found',
  METHOD_NOT_SUPPORTED: 'route.method_not_allowed',
  PAYLOAD_TOO_LARGE: 'request.too_large',
  UNSUPPORTED_MEDIA_TYPE: 'request.media_type',
}

/** The API's one converter: whatever a procedure or tRPC itself threw, as the AppError that the caller is told. */
export function toApiError(thrown: unknown): AppError {
  if (!(thrown instanceof TRPCError)) return toAppError(thrown)
  const { cause, code } = thrown
  if (cause instanceof AppError) return cause
  if (code === 'BAD_REQUEST' && cause instanceof ZodError) return invalidRequest(describeIssues(cause.issues))
  const known = frameworkErrors[code]
  return known === undefined
    ? toAppError(cause ?? thrown)
    : new AppError(known, undefined, { message: thrown.message, cause: thrown })
}

/** 400 for input that breaks its contract; the sentence names the first issue, `issues` has them all. */
export function invalidRequest(issues: readonly ErrorIssue[]): AppError {
  const [first] = issues
  if (first === undefined) return new AppError('request.invalid')
  const where = first.path === '' ? '' : `${first.path}: `
  return new AppError('request.invalid', `The request is not valid. ${where}${first.message}.`, { issues })
}

/**
 * The AppError as tRPC carries it. What asks for the status before the formatter has run, such as `responseMeta`
 * and `onError`, goes by `TRPCError.code`, so the code has to be right here too.
 */
export function toTrpcError(error: AppError): TRPCError {
  return new TRPCError({ code: error.row.trpc, message: error.publicMessage, cause: error })
}
