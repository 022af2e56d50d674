import type { ServerResponse } from 'node:http'
import { AppError } from '@private-connect/errors'
import type { Dispatcher } from 'undici'
import type { Visit, VisitWork } from '../visit.ts'
import { answerError } from './answer-error.ts'
import { classifyFailure, isLostDial } from './classify-failure.ts'
import { hasBody } from './request-body.ts'
import { buildRequestHeaders } from './request-headers.ts'
import { buildResponseHeaders, findHeader } from './response-headers.ts'

const informationalMax = 8
const smallBodyBytes = 16_384

/** Sends the request to the upstream and its answer to the visitor; streams both, with back-pressure both ways. */
export function forwardHttp(visit: Visit): void {
  const forward = new HttpForward(visit)
  visit.work = forward
  forward.dispatch()
}

type ResponseStart = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>

/** undici's handler for one visit. Prototype methods instead of closures: this runs for every request. */
class HttpForward implements Dispatcher.DispatchHandler, VisitWork {
  readonly #visit: Visit
  readonly #response: ServerResponse
  #controller: Dispatcher.DispatchController | null = null
  #informationalCount = 0
  #dialCount = 0
  #isWaitingForDrain = false
  /** The length that the answer promises; infinite where it promises none. */
  #promisedBytes = Number.POSITIVE_INFINITY
  /** A whole small body that came in one piece. As text it leaves in one write with its head, which costs a fifth less. */
  #smallBody: string | null = null

  constructor(visit: Visit) {
    this.#visit = visit
    this.#response = visit.response
  }

  dispatch(): void {
    const visit = this.#visit
    this.#dialCount += 1
    visit.live.poolFor(visit.rules.grant.service).dispatch(
      {
        path: visit.link.target,
        method: visit.method,
        headers: buildRequestHeaders(visit),
        body: hasBody(visit.request) ? visit.request : null,
      },
      this,
    )
  }

  stop(reason: Error): void {
    this.#controller?.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    const visit = this.#visit
    // The visitor left, or the share was cut, while the connection was made: without this it would leak, or worse.
    if (visit.isOver || visit.live.isCut) controller.abort(new Error('The visitor has left'))
    else if (visit.request.headers.expect !== undefined) this.#response.writeContinue()
  }

  onBodySent(chunk: Buffer): void {
    this.#visit.bytesIn += chunk.length
  }

  onResponseStart(...[controller, statusCode, , statusMessage]: ResponseStart): void {
    if (statusCode < 200) return this.#countInformational(controller)
    const visit = this.#visit
    const response = this.#response
    const raw = textOf(controller.rawHeaders)
    const headers = buildResponseHeaders(raw, visit)
    // What is left of the body will not be read once the answer is complete, so the connection cannot go on.
    if (!visit.request.complete && hasBody(visit.request)) headers.push('Connection', 'close')
    visit.statusCode = statusCode
    response.writeHead(statusCode, legalReason(statusMessage), headers)
    this.#promisedBytes = Number(findHeader(raw, 'content-length') ?? Number.POSITIVE_INFINITY)
    if (!(this.#promisedBytes <= smallBodyBytes)) process.nextTick(flushHead, visit)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const isWhole = this.#visit.bytesOut === 0 && chunk.length === this.#promisedBytes
    this.#visit.bytesOut += chunk.length
    if (isWhole && chunk.length <= smallBodyBytes) {
      this.#smallBody = chunk.toString('latin1')
      return
    }
    if (this.#response.write(chunk) || this.#isWaitingForDrain) return
    this.#isWaitingForDrain = true
    controller.pause()
    this.#response.once('drain', () => {
      this.#isWaitingForDrain = false
      controller.resume()
    })
  }

  /** Trailers are dropped: the visitor was not told of any. */
  onResponseEnd(): void {
    if (this.#smallBody === null) this.#response.end()
    else this.#response.end(this.#smallBody, 'latin1')
  }

  onResponseError(_controller: unknown, error: Error): void {
    const visit = this.#visit
    if (visit.isOver) return
    if (this.#controller === null && this.#dialCount === 1 && isLostDial(error)) return this.dispatch()
    const failure = classifyFailure(error)
    visit.ports.log.warn(
      { err: failure, shareId: visit.live.id, requestId: visit.requestId },
      'upstream failed',
    )
    answerError(visit, failure)
  }

  #countInformational(controller: Dispatcher.DispatchController): void {
    this.#informationalCount += 1
    if (this.#informationalCount <= informationalMax) return
    controller.abort(new AppError('upstream.failed', undefined, { message: 'Too many 1xx answers' }))
  }
}

/** An event stream may say nothing for a while: the visitor learns now that it is open. Most heads left with their body. */
function flushHead({ response, bytesOut }: Visit): void {
  if (bytesOut === 0 && !response.writableEnded) response.flushHeaders()
}

function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  const texts: string[] = []
  if (!Array.isArray(raw)) return texts
  for (const part of raw) texts.push(typeof part === 'string' ? part : part.toString('latin1'))
  return texts
}

/** A reason phrase is decoration: one that Node would refuse to send is left out. */
function legalReason(reason: string | undefined): string | undefined {
  return reason !== undefined && /^[\t\x20-\x7e]*$/.test(reason) ? reason : undefined
}
