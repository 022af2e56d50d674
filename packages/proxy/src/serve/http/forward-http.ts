import type { ServerResponse } from 'node:http'
import { speechOf } from '../dial/target-speech.ts'
import type { ResponseFraming } from '../upstream/response-framing.ts'
import type { ResponseHead } from '../upstream/response-head.ts'
import type { UpstreamExchange, UpstreamHandler } from '../upstream/upstream-exchange.ts'
import type { Visit, VisitWork } from '../visit.ts'
import { answerError } from './answer-error.ts'
import { openPage } from './banner/open-page.ts'
import type { PageRelay } from './banner/page-relay.ts'
import { classifyFailure, isLostDial } from './classify-failure.ts'
import { relayEarlyHints } from './early-hints.ts'
import { hasBody } from './request-body.ts'
import { buildRequestHeaders, buildRequestTrailers } from './request-headers.ts'
import { tellAnswered } from '../record/tell-answered.ts'
import { buildResponseHeaders, buildResponseTrailers } from './response-headers.ts'

const smallBodyBytes = 16_384

/** Sends the request to the upstream and its answer to the visitor; streams both, with back-pressure both ways. */
export function forwardHttp(visit: Visit): void {
  const forward = new HttpForward(visit)
  visit.work = forward
  forward.dispatch()
}

/** The handler of one visit's exchange. Prototype methods instead of closures: this runs for every request. */
class HttpForward implements UpstreamHandler, VisitWork {
  readonly #visit: Visit
  readonly #response: ServerResponse
  #exchange: UpstreamExchange | null = null
  #dialCount = 0
  #isWaitingForDrain = false
  /** The length that the answer promises; infinite where it promises none. */
  #promisedBytes = Number.POSITIVE_INFINITY
  /** A whole small body that came in one piece. As text it leaves in one write with its head, which costs a fifth less. */
  #smallBody: string | null = null
  /** Where the answer is a page that may carry the banner. */
  #page: PageRelay | null = null

  constructor(visit: Visit) {
    this.#visit = visit
    this.#response = visit.response
  }

  dispatch(): void {
    const visit = this.#visit
    this.#dialCount += 1
    visit.live.poolFor(visit.rules.grant.service).send(
      {
        target: visit.link.target,
        method: visit.method,
        headers: buildRequestHeaders(visit, 'keep-alive'),
        body: hasBody(visit.request) ? visit.request : null,
        trailersOf: (raw) => buildRequestTrailers(raw, visit),
        visitor: visit.request.socket,
      },
      this,
    )
  }

  stop(): void {
    this.#exchange?.abort(this)
  }

  onConnected(exchange: UpstreamExchange): boolean {
    this.#exchange = exchange
    const visit = this.#visit
    if (visit.isOver || visit.live.isCut) return false
    if (visit.request.headers.expect !== undefined) this.#response.writeContinue()
    return true
  }

  onBodySent(bytes: number): void {
    this.#visit.bytesIn += bytes
  }

  onInformational(head: ResponseHead): void {
    relayEarlyHints(this.#response, head)
  }

  onHead(head: ResponseHead, framing: ResponseFraming): void {
    const visit = this.#visit
    const headers = buildResponseHeaders(head.rawHeaders, visit)
    // What is left of the body will not be read once the answer is complete, so the connection cannot go on.
    if (!visit.request.complete && hasBody(visit.request)) headers.push('Connection', 'close')
    visit.statusCode = head.statusCode
    tellAnswered(visit)
    const reason = legalReason(head.reason)
    this.#page = openPage(visit, { head, framing, headers, reason })
    if (this.#page !== null) return
    this.#response.writeHead(head.statusCode, reason, headers)
    this.#promisedBytes = framing.bytes
    if (!(framing.bytes <= smallBodyBytes)) process.nextTick(flushHead, visit)
  }

  onBody(piece: Buffer, from: number, to: number): void {
    const bytes = to - from
    const isWhole = this.#visit.bytesOut === 0 && bytes === this.#promisedBytes
    this.#visit.bytesOut += bytes
    if (isWhole && bytes <= smallBodyBytes) {
      this.#smallBody = piece.toString('latin1', from, to)
      return
    }
    const chunk = bytes === piece.length ? piece : piece.subarray(from, to)
    const isTaken = this.#page === null ? this.#response.write(chunk) : this.#page.take(chunk)
    if (isTaken || this.#isWaitingForDrain) return
    this.#isWaitingForDrain = true
    this.#exchange?.pause(this)
    this.#response.once('drain', () => {
      this.#isWaitingForDrain = false
      this.#exchange?.resume(this)
    })
  }

  onTrailers(raw: readonly string[]): void {
    const trailers = buildResponseTrailers(raw, this.#visit)
    if (trailers.length > 0) this.#response.addTrailers(trailers)
  }

  onEnd(): void {
    if (this.#page !== null) this.#page.finish()
    else if (this.#smallBody === null) this.#response.end()
    else this.#response.end(this.#smallBody, 'latin1')
  }

  onError(error: Error): void {
    const visit = this.#visit
    if (visit.isOver) return
    if (this.#exchange === null && this.#dialCount === 1 && isLostDial(error)) return this.dispatch()
    if (visit.statusCode === 0) speechOf(visit.ports.dial).forget(visit.rules.grant.service)
    const failure = classifyFailure(error)
    visit.ports.log.warn(
      { err: failure, shareId: visit.live.id, requestId: visit.requestId },
      'upstream failed',
    )
    answerError(visit, failure)
  }
}

/** An event stream may say nothing for a while: the visitor learns now that it is open. Most heads left with their body. */
function flushHead({ response, bytesOut }: Visit): void {
  if (bytesOut === 0 && !response.writableEnded) response.flushHeaders()
}

/** A reason phrase is decoration: one that Node would refuse to send, or that is the usual one, is left out. */
function legalReason(reason: string): string | undefined {
  return /^[\t\x20-\x7e]*$/.test(reason) ? reason : undefined
}
