import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ResponseFraming } from './response-framing.ts'
import type { ResponseHead } from './response-head.ts'

/** One request, as it goes to the upstream. */
export interface UpstreamRequest {
  readonly method: string
  /** In origin-form, sent as it is. */
  readonly target: string
  /** Name, value, name, value …; a Content-Length stays the visitor's, all other framing is the writer's. */
  readonly headers: readonly string[]
  /** Its body, if it has one. Read with back-pressure; never destroyed. */
  readonly body: IncomingMessage | null
  /** What of the trailers behind a chunked body goes on. */
  readonly trailersOf: (raw: readonly string[]) => string[]
  /** The connection that the request came on; what its exchanges leave behind is never another visitor's. */
  readonly visitor: Duplex
}

/** What a handler may do with its exchange; nothing happens once the exchange is over. */
export interface UpstreamExchange {
  /** Stops and starts reading the answer; a piece that is being read is still delivered whole. */
  pause(handler: UpstreamHandler): void
  resume(handler: UpstreamHandler): void
  /** Closes the connection at once; the handler is not called again. */
  abort(handler: UpstreamHandler): void
}

/** Who made a request: called back in this order, `onEnd` or `onError` last and once. */
export interface UpstreamHandler {
  /** A connection is there. False: nothing is sent, and nothing else is called. */
  onConnected(exchange: UpstreamExchange): boolean
  onBodySent(bytes: number): void
  /** An informational answer, at most eight; not 101. */
  onInformational(head: ResponseHead): void
  onHead(head: ResponseHead, framing: ResponseFraming): void
  /** Bytes [from, to) of a piece. */
  onBody(piece: Buffer, from: number, to: number): void
  onTrailers(raw: readonly string[]): void
  onEnd(): void
  /** Before `onHead` it can be answered; after it the answer is cut short. */
  onError(error: Error): void
}
