import { ownHeaders } from '../http/answer-error.ts'
import { limitLeftBody } from '../http/left-body.ts'
import { tellAnswered } from '../record/tell-answered.ts'
import type { Visit } from '../visit.ts'
import { renderConsole } from '../../query-console/render-console.ts'
import { mayWrite } from './database-grant.ts'

/** The page on which a person asks the database. */
export function answerConsole(visit: Visit): void {
  const { grant } = visit.rules
  const { database } = grant
  if (database === undefined) return
  const page = renderConsole({
    shareName: grant.name,
    workspaceName: grant.workspaceName,
    engine: database.engine,
    mayWrite: mayWrite(grant, database),
    expiresAtMs: grant.expiresAtMs,
  })
  const body = Buffer.from(page.html)
  visit.statusCode = 200
  tellAnswered(visit)
  visit.bytesOut = visit.method === 'HEAD' ? 0 : body.length
  visit.response.writeHead(200, {
    ...ownHeaders(visit),
    'content-security-policy': visit.link.form === 'path' ? `${page.policy}; ${sandbox}` : page.policy,
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
  })
  visit.response.end(visit.method === 'HEAD' ? undefined : body)
  limitLeftBody(visit)
}

/** On the hub's own origin the page needs none of that origin's powers; exports are downloads. */
const sandbox = 'sandbox allow-scripts allow-downloads'
