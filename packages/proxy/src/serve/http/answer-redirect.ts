import type { Visit } from '../visit.ts'
import { ownHeaders } from './answer-error.ts'
import { limitLeftBody } from './left-body.ts'
import type { Redirect } from './redirect-navigation.ts'

export function answerRedirect(visit: Visit, { status, location }: Redirect): void {
  visit.statusCode = status
  visit.response.writeHead(status, { ...ownHeaders(visit), location, 'content-length': 0 })
  visit.response.end()
  limitLeftBody(visit)
}
