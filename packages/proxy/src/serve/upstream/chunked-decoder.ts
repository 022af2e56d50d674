import { readFields, type Fault } from './response-head.ts'

/** Bytes [from, to) of a piece that belong to the body. */
export type OnBody = (piece: Buffer, from: number, to: number) => void

const lineBytesMax = 1_024
const trailerBytesMax = 16_384
/** At most 13 digits: below 2^53. Extensions are read by RFC 9112 §7.1.1 and ignored. */
const sizeLine =
  /^([\da-f]{1,13})(?:;[!#$%&'*+\-.^_`|~\da-z]+(?:=(?:[!#$%&'*+\-.^_`|~\da-z]+|"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*\r$/i

/** Takes a chunked body apart, wherever its pieces are cut. */
export class ChunkedDecoder {
  isDone = false
  fault: Fault | null = null
  /** Name, value, name, value …, once the body is done. */
  readonly trailers: string[] = []
  /** What is expected: a size line, body bytes, the CRLF behind them, or trailers. */
  #state: 'size' | 'data' | 'end' | 'trailer' = 'size'
  #leftBytes = 0
  #line = ''
  #trailerBytes = 0

  /** Answers where in the piece it stopped: its end, unless the body ended or is malformed. */
  take(piece: Buffer, from: number, onBody: OnBody): number {
    let at = from
    while (at < piece.length && !this.isDone && this.fault === null) {
      if (this.#state === 'data') at = this.#takeData(piece, at, onBody)
      else at = this.#takeLine(piece, at)
    }
    return at
  }

  #takeData(piece: Buffer, from: number, onBody: OnBody): number {
    const to = Math.min(piece.length, from + this.#leftBytes)
    this.#leftBytes -= to - from
    if (this.#leftBytes === 0) this.#state = 'end'
    onBody(piece, from, to)
    return to
  }

  #takeLine(piece: Buffer, from: number): number {
    const end = piece.indexOf(10, from)
    const to = end < 0 ? piece.length : end
    const max = this.#state === 'trailer' ? trailerBytesMax : lineBytesMax
    if (this.#line.length + to - from > max) this.fault = 'line of a chunked body too long'
    else this.#line += piece.toString('latin1', from, to)
    if (end < 0 || this.fault !== null) return to
    const line = this.#line
    this.#line = ''
    this.#readLine(line)
    return end + 1
  }

  /** `line` still has its CR, and no LF. */
  #readLine(line: string): void {
    if (this.#state === 'size') this.#readSize(line)
    else if (this.#state === 'trailer') this.#readTrailer(line)
    else if (line === '\r') this.#state = 'size'
    else this.fault = 'chunk longer than its size'
  }

  #readSize(line: string): void {
    const digits = sizeLine.exec(line)?.[1]
    if (digits === undefined) {
      this.fault = 'malformed chunk size'
      return
    }
    this.#leftBytes = Number.parseInt(digits, 16)
    this.#state = this.#leftBytes === 0 ? 'trailer' : 'data'
  }

  #readTrailer(line: string): void {
    if (line === '\r') {
      this.isDone = true
      return
    }
    this.#trailerBytes += line.length + 1
    if (this.#trailerBytes > trailerBytesMax) this.fault = 'trailers too large'
    else if (!line.endsWith('\r')) this.fault = 'bare line feed'
    else this.fault = readFields(`${line}\n`, 0, this.trailers)
  }
}
