import { toErrorResponse, type AppError } from '@private-connect/errors'
import { renderErrorPage } from '../pages/error-page.ts'
import type { Visit } from '../visit.ts'
import { limitLeftBody } from './left-body.ts'
import { hasBody } from './request-body.ts'

const drainedBytesMax = 65_536

/**
 * Answers with an error, as a page where the visitor is a person and as JSON otherwise. When an answer has begun already
 * the connection is reset, so that what was sent never looks complete.
 */
export function answerError(visit: Visit, error: AppError): void {
  const { response } = visit
  if (visit.isOver) return
  visit.denied = error.code
  if (response.headersSent) {
    visit.resetConnection()
    return
  }
  const { status, headers, body } = toErrorResponse(error, visit.requestId)
  const { retryAfterSeconds } = error
  const page = acceptsHtml(visit) ? renderErrorPage(body, { retryAfterSeconds }) : null
  const text = page?.html ?? JSON.stringify(body)
  visit.statusCode = status
  response.writeHead(status, {
    ...headers,
    ...ownHeaders(visit, page?.policy),
    'content-type': page === null ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(visit.method === 'HEAD' ? undefined : text)
  limitLeftBody(visit)
}

const nothing = "default-src 'none'; frame-ancestors 'none'"

/** What every answer of the hub's own carries on a share's address. */
export function ownHeaders(visit: Visit, policy: string = nothing): Record<string, string> {
  return {
    'x-request-id': visit.requestId,
    'cache-control': 'no-store',
    // In path form the page stands on the hub's own origin, whose powers it does not need.
    'content-security-policy': visit.link.form === 'path' ? `${policy}; sandbox allow-scripts` : policy,
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'referrer-policy': 'no-referrer',
    vary: 'Accept',
    ...(leavesBody(visit) ? { connection: 'close' } : {}),
  }
}

/** A small body is read and forgotten; a large one, or one that waits for 100, ends the connection. */
function leavesBody(visit: Visit): boolean {
  const { request } = visit
  if (request.complete || !hasBody(request)) return false
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY)
  return length > drainedBytesMax || request.headers.expect !== undefined
}

function acceptsHtml({ request, method }: Visit): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return (request.headers.accept ?? '').includes('text/html')
}
