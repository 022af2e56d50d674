import { AppError, toAppError } from '@private-connect/errors'
import { answerError, ownHeaders } from '../http/answer-error.ts'
import type { Visit } from '../visit.ts'
import { visitorIdOf } from '../visitor/identify-visitor.ts'
import { loggedUserAgent } from '../record/access-record.ts'
import { tellAnswered } from '../record/tell-answered.ts'
import { readQuestion } from './read-question.ts'

/** Reads the question, has it answered, and sends the answer. Leaving, a cut and an expiry all abort it. */
export function serveQuery(visit: Visit): void {
  const ending = new AbortController()
  visit.work = { stop: (reason) => ending.abort(reason) }
  answerQuery(visit, ending.signal).catch((thrown: unknown) => {
    const error = toAppError(thrown)
    if (error.row.fault !== 'caller' && !visit.isOver) {
      const { live, requestId } = visit
      visit.ports.log.warn({ err: error, shareId: live.id, requestId }, 'query failed')
    }
    answerError(visit, error)
  })
}

async function answerQuery(visit: Visit, signal: AbortSignal): Promise<void> {
  const { rules, ports, visitor, request } = visit
  const { grant } = rules
  const { database } = grant
  if (database === undefined || ports.askDatabase === undefined) throw new AppError('query.no_database')
  const body = await readQuestion(visit)
  signal.throwIfAborted()
  const userAgent = loggedUserAgent(request.headers['user-agent'])
  const who = { ipAddress: visitor.address, userAgent, visitorId: visitorIdOf(visit) }
  const question = { grant, database, body, ...who, signal }
  const answer = await ports.askDatabase(question)
  if (!visit.isOver) sendAnswer(visit, Buffer.from(JSON.stringify(answer)))
}

function sendAnswer(visit: Visit, body: Buffer): void {
  visit.statusCode = 200
  tellAnswered(visit)
  visit.bytesOut = body.length
  visit.response.writeHead(200, {
    ...ownHeaders(visit),
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  })
  visit.response.end(body)
}
