import { ownHeaders } from '../http/answer-error.ts'
import { limitLeftBody } from '../http/left-body.ts'
import type { Visit } from '../visit.ts'

/**
 * Any page that has the link may ask: the link is all that a query needs, no cookie counts, and the console of the path
 * form is sandboxed, so that its own origin is opaque. Set ahead, so that refusals can be read as well.
 */
export function openToOrigins({ response }: Visit): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', 'retry-after, x-request-id')
}

export function answerPreflight(visit: Visit): void {
  visit.statusCode = 204
  visit.response.writeHead(204, {
    ...ownHeaders(visit),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '600',
  })
  visit.response.end()
  limitLeftBody(visit)
}
