import { AppError, toAppError, toErrorResponse, type ErrorCode } from '@private-connect/errors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** What the framework itself refuses, by its status; its own sentences may name internals. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'request.malformed_json',
  404: 'route.not_found',
  405: 'route.method_not_allowed',
  413: 'request.too_large',
  414: 'request.target_too_long',
  415: 'request.media_type',
  431: 'request.headers_too_large',
}

/** Every error answer of the API in the one documented shape (SPEC §3). */
export function addErrorResponses(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = fromFramework(thrown)
    if (error.row.fault === 'hub') request.log.error({ err: error, cause: error.cause }, 'request failed')
    return sendError(reply, error)
  })
}

/**
 * Fastify refuses an address that it cannot decode before any hook runs, limits and request ids among them. Such a request
 * is led to an address where nothing is, and passes the hooks on its way.
 */
export function rewriteMalformedUrl({ url = '' }: { readonly url?: string | undefined }): string {
  try {
    decodeURI(url.split('?', 1)[0] ?? '')
    return url
  } catch {
    return malformedUrl
  }
}

const malformedUrl = '/malformed'

/** What is said where nothing is. Call it in the part of the app whose hooks (limits, request ids) are to run before. */
export function addNotFound(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw whatIsMissing(request)
  })
  // Fastify runs the hooks of the part that sets a handler; it is not reached behind the hook above.
  app.setNotFoundHandler((request, reply) => sendError(reply, whatIsMissing(request)))
}

function whatIsMissing({ url, originalUrl }: FastifyRequest): AppError {
  const isMalformed = url === malformedUrl && originalUrl !== malformedUrl
  return new AppError(isMalformed ? 'request.target_not_canonical' : 'route.not_found')
}

/** Answers an AppError: status, headers and body. */
export function sendError(reply: FastifyReply, error: AppError): FastifyReply {
  const { status, headers, body } = toErrorResponse(error, reply.request.id)
  return reply.code(status).headers(headers).send(body)
}

function fromFramework(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const { statusCode, code, message } = thrown as Partial<FastifyError>
  const known = statusCode === undefined ? undefined : codeOfStatus[statusCode]
  if (known === undefined) return toAppError(thrown)
  // Fastify answers 400 for bodies and for addresses that cannot be decoded.
  const isTarget = code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_ASYNC_CONSTRAINT'
  return new AppError(isTarget ? 'request.target_not_canonical' : known, undefined, {
    message: message ?? known,
    cause: thrown,
  })
}
