import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { RequestBody } from './request-body.ts'
import { readBodyLength, writeRequestHead } from './request-head.ts'
import { ResponseParser, type ResponseSink } from './response-parser.ts'
import type { ResponseFraming } from './response-framing.ts'
import type { ResponseHead } from './response-head.ts'
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from './upstream-exchange.ts'
import { tieTo, untieFrom } from './visitor-ties.ts'

export interface ConnectionOwner {
  /** Its exchange went well in every respect: it can take another. */
  onIdle(connection: UpstreamConnection): void
  onClosed(connection: UpstreamConnection): void
}

/** An announced time to live is shortened by this, as the upstream's clock for it began earlier than ours. */
const keepAliveMarginMs = 1_000

/**
 * One connection to an upstream, for one visitor's connection, one request at a time. Anything irregular destroys it:
 * bytes that nobody asked for, an answer that is malformed, cut short, too long, or ahead of the end of its request.
 */
export class UpstreamConnection implements UpstreamExchange, ResponseSink {
  /** When the last exchange ended, and how long the upstream keeps the connection from then on. */
  idleSinceMs = 0
  keepAliveMs = Number.POSITIVE_INFINITY
  /** Later bytes of the upstream may pass as the next answer, so that one must be for the same visitor. */
  readonly visitor: Duplex
  readonly #stream: Duplex
  readonly #owner: ConnectionOwner
  readonly #parser: ResponseParser
  #handler: UpstreamHandler | null = null
  #body: RequestBody | null = null
  #isReusable = true
  /** Since when the upstream owes us something; moves on with the request. */
  #waitingSinceMs = 0

  constructor(stream: Duplex, visitor: Duplex, owner: ConnectionOwner) {
    this.#stream = stream
    this.visitor = visitor
    this.#owner = owner
    tieTo(visitor, this)
    this.#parser = new ResponseParser(this)
    stream.on('data', (piece: Buffer) => this.#onData(piece))
    stream.on('drain', () => this.#onDrain())
    stream.on('end', () => this.#onEnd())
    stream.on('error', (error) => this.fail(error))
    stream.on('close', () => this.#onClose())
  }

  get isBusy(): boolean {
    return this.#handler !== null
  }

  get isUsable(): boolean {
    const stream = this.#stream
    if (this.isBusy || !this.#isReusable || this.visitor.destroyed) return false
    return stream.writable && !stream.readableEnded && stream.readableLength === 0
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): void {
    this.#handler = handler
    try {
      // The visitor left, or the share was cut, while the connection was made.
      if (!handler.onConnected(this)) return this.abort(handler)
      const head = writeRequestHead(request)
      this.#parser.begin(request.method)
      this.#waitingSinceMs = performance.now()
      this.#write(head, request, handler)
    } catch (error) {
      this.fail(error)
    }
  }

  pause(handler: UpstreamHandler): void {
    if (handler === this.#handler) this.#stream.pause()
  }

  resume(handler: UpstreamHandler): void {
    if (handler === this.#handler) this.#stream.resume()
  }

  abort(handler: UpstreamHandler): void {
    if (handler !== this.#handler) return
    this.#handler = null
    this.destroy()
  }

  /** Closes it; whoever waits for an answer is told why. */
  fail(thrown: unknown): void {
    const handler = this.#handler
    this.#handler = null
    this.destroy()
    handler?.onError(thrown instanceof Error ? thrown : new Error(String(thrown)))
  }

  destroy(): void {
    this.#isReusable = false
    this.#dropBody()
    this.#stream.destroy()
  }

  /** Whether the answer's head is overdue. A request that still moves, or waits for its visitor, is given time. */
  isOverdue(now: number, timeoutMs: number): boolean {
    if (this.#handler === null || this.#parser.hasHead) return false
    const isVisitorsTurn = this.#body !== null && !this.#body.isDone && !this.#stream.writableNeedDrain
    return !isVisitorsTurn && now - this.#waitingSinceMs >= timeoutMs
  }

  /** A visit that is still open ends on its own way. */
  onVisitorClosed(): void {
    if (this.#handler === null) this.destroy()
  }

  onInformational(head: ResponseHead): void {
    this.#waitingSinceMs = performance.now()
    this.#handler?.onInformational(head)
  }

  onHead(head: ResponseHead, framing: ResponseFraming): void {
    this.#isReusable = framing.isReusable
    this.keepAliveMs = framing.keepAliveMs - keepAliveMarginMs
    this.#handler?.onHead(head, framing)
  }

  onBody(piece: Buffer, from: number, to: number): void {
    this.#handler?.onBody(piece, from, to)
  }

  onTrailers(raw: readonly string[]): void {
    this.#handler?.onTrailers(raw)
  }

  #write(head: string, request: UpstreamRequest, handler: UpstreamHandler): void {
    const stream = this.#stream
    if (request.body === null) {
      stream.write(head, 'latin1')
      return
    }
    // Held until the first piece of the body, if there is one by now, has joined it.
    stream.cork()
    stream.write(head, 'latin1')
    this.#body = new RequestBody({
      source: request.body,
      target: stream,
      length: readBodyLength(request.headers),
      trailersOf: request.trailersOf,
      onSent: (bytes) => {
        this.#waitingSinceMs = performance.now()
        handler.onBodySent(bytes)
      },
      onMismatch: () => this.fail(failed('The body is not as long as its request says')),
    })
    process.nextTick(() => stream.uncork())
  }

  #onData(piece: Buffer): void {
    if (this.#handler === null) return this.destroy()
    const parser = this.#parser
    try {
      if (!parser.execute(piece)) this.fail(failed(`The answer is refused: ${parser.fault}`))
      else if (parser.isComplete) this.#complete()
    } catch (error) {
      this.fail(error)
    }
  }

  #onDrain(): void {
    this.#waitingSinceMs = performance.now()
    this.#body?.resume()
  }

  #onEnd(): void {
    this.#isReusable = false
    if (this.#handler === null) this.destroy()
    else if (this.#parser.finish()) this.#complete()
    else this.fail(failed('The upstream ended its answer too early'))
  }

  #onClose(): void {
    if (this.#handler !== null) this.fail(failed('The upstream closed the connection'))
    this.#dropBody()
    untieFrom(this.visitor, this)
    this.#owner.onClosed(this)
  }

  #complete(): void {
    const handler = this.#handler
    // An answer may come before the end of its request, but then the two are out of step.
    const isInStep = (this.#body === null || this.#body.isDone) && !this.#parser.hasExtra
    this.#dropBody()
    this.#handler = null
    if (isInStep && this.#isReusable) {
      this.idleSinceMs = performance.now()
      if (this.#stream.isPaused()) this.#stream.resume()
      this.#owner.onIdle(this)
    } else this.destroy()
    handler?.onEnd()
  }

  #dropBody(): void {
    this.#body?.stop()
    this.#body = null
  }
}

function failed(message: string): AppError {
  return new AppError('upstream.failed', undefined, { message })
}
