import { ChunkedDecoder, type OnBody } from './chunked-decoder.ts'
import { HeadCollector } from './head-collector.ts'
import { frameResponse, type ResponseFraming } from './response-framing.ts'
import { parseResponseHead, type Fault, type ResponseHead } from './response-head.ts'

export interface ResponseSink {
  /** An informational answer; the final one follows. */
  onInformational(head: ResponseHead): void
  onHead(head: ResponseHead, framing: ResponseFraming): void
  /** Bytes [from, to) of a piece: by reference, and without a view where none is needed. */
  onBody: OnBody
  /** Behind a chunked body: name, value, name, value …, at least one. */
  onTrailers(raw: readonly string[]): void
}

const informationalMax = 8

/**
 * Reads one answer after another from bytes that may be cut anywhere. Never throws of itself; what it refuses ends in
 * `fault` and nothing is read any more. Holds at most one head or one line.
 */
export class ResponseParser {
  fault: Fault | null = null
  /** The answer is whole. */
  isComplete = true
  /** More came than the answer: nobody knows what it is. */
  hasExtra = false
  readonly #sink: ResponseSink
  readonly #onBody: OnBody
  readonly #head = new HeadCollector()
  #framing: ResponseFraming | null = null
  #chunks: ChunkedDecoder | null = null
  #leftBytes = 0
  #informationalCount = 0
  #isHeadRequest = false

  constructor(sink: ResponseSink) {
    this.#sink = sink
    this.#onBody = (piece, from, to) => sink.onBody(piece, from, to)
  }

  get hasHead(): boolean {
    return this.#framing !== null
  }

  /** Expects the answer to a request of this method. */
  begin(method: string): void {
    this.isComplete = false
    this.#framing = null
    this.#chunks = null
    this.#informationalCount = 0
    this.#isHeadRequest = method === 'HEAD'
  }

  /** False when the answer is malformed. */
  execute(piece: Buffer): boolean {
    let at = 0
    while (at < piece.length && !this.isComplete && this.fault === null) {
      if (this.#framing === null) at = this.#takeHead(piece, at)
      else at = this.#takeBody(piece, at, this.#framing)
    }
    if (at < piece.length) this.hasExtra = true
    return this.fault === null
  }

  /** The upstream has ended its side, in order. False when the answer is cut short by it. */
  finish(): boolean {
    if (this.#framing?.kind === 'close' && this.fault === null) this.isComplete = true
    else if (!this.isComplete) this.fault ??= 'cut short'
    return this.isComplete
  }

  #takeHead(piece: Buffer, from: number): number {
    const end = this.#head.take(piece, from)
    if (end < 0) {
      this.fault = this.#head.fault
      return piece.length
    }
    const head = parseResponseHead(this.#head.text)
    if (typeof head === 'string') {
      this.fault = head
      return end
    }
    const isBodyless = this.#isHeadRequest || head.statusCode < 200
    const framing = frameResponse(head, isBodyless)
    if (typeof framing === 'string') this.fault = framing
    else if (head.statusCode < 200) this.#takeInformational(head)
    else this.#begin(head, framing)
    return end
  }

  /** 101 would end HTTP on this connection, and nobody asked for that. HTTP/1.0 knows no informational answers. */
  #takeInformational(head: ResponseHead): void {
    const { statusCode, minorVersion } = head
    this.#informationalCount += 1
    if (minorVersion === 0) this.fault = 'informational answer of HTTP/1.0'
    else if (statusCode === 101) this.fault = 'unasked switch of protocols'
    else if (this.#informationalCount > informationalMax) this.fault = 'too many informational answers'
    else this.#sink.onInformational(head)
  }

  #begin(head: ResponseHead, framing: ResponseFraming): void {
    this.#framing = framing
    this.#leftBytes = framing.bytes
    if (framing.kind === 'chunked') this.#chunks = new ChunkedDecoder()
    this.isComplete = framing.kind === 'none'
    this.#sink.onHead(head, framing)
  }

  #takeBody(piece: Buffer, from: number, { kind }: ResponseFraming): number {
    if (kind === 'chunked') return this.#takeChunks(piece, from)
    const to = Math.min(piece.length, from + this.#leftBytes)
    this.#leftBytes -= to - from
    this.isComplete = this.#leftBytes === 0
    this.#onBody(piece, from, to)
    return to
  }

  #takeChunks(piece: Buffer, from: number): number {
    const chunks = this.#chunks
    if (chunks === null) return piece.length
    const to = chunks.take(piece, from, this.#onBody)
    this.fault = chunks.fault
    this.isComplete = chunks.isDone
    if (chunks.isDone && chunks.trailers.length > 0) this.#sink.onTrailers(chunks.trailers)
    return to
  }
}
