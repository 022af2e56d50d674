import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

export interface BodyEvents {
  onSent(bytes: number): void
  /** The body ended at another length than its request had declared. */
  onMismatch(): void
}

export interface BodyStart extends BodyEvents {
  readonly source: IncomingMessage
  readonly target: Duplex
  /** The declared length; undefined: framed in chunks. */
  readonly length: number | undefined
  readonly trailersOf: (raw: readonly string[]) => string[]
}

/** Moves a visitor's body to the upstream with back-pressure, framed again from its decoded bytes. */
export class RequestBody {
  /** All of it has been written. */
  isDone = false
  readonly #start: BodyStart
  #sentBytes = 0

  constructor(start: BodyStart) {
    this.#start = start
    start.source.on('data', this.#onData)
    start.source.on('end', this.#onEnd)
  }

  /** The upstream takes more. */
  resume(): void {
    if (!this.isDone) this.#start.source.resume()
  }

  /** Lets go of the visitor's request; what is left of its body stays unread. */
  stop(): void {
    const { source } = this.#start
    source.off('data', this.#onData)
    source.off('end', this.#onEnd)
    if (!this.isDone) source.pause()
  }

  readonly #onData = (piece: Buffer): void => {
    const { source, target, length } = this.#start
    this.#sentBytes += piece.length
    if (length !== undefined && this.#sentBytes > length) return this.#start.onMismatch()
    const isTaken = length === undefined ? writeChunk(target, piece) : target.write(piece)
    if (!isTaken) source.pause()
    this.#start.onSent(piece.length)
  }

  readonly #onEnd = (): void => {
    const { source, target, length, trailersOf } = this.#start
    if (length !== undefined && this.#sentBytes !== length) return this.#start.onMismatch()
    this.isDone = true
    if (length === undefined) target.write(lastChunk(trailersOf(source.rawTrailers)), 'latin1')
    this.stop()
  }
}

function lastChunk(trailers: readonly string[]): string {
  let text = '0\r\n'
  for (let at = 0; at + 1 < trailers.length; at += 2) text += `${trailers[at]}: ${trailers[at + 1]}\r\n`
  return `${text}\r\n`
}

function writeChunk(target: Duplex, piece: Buffer): boolean {
  target.cork()
  target.write(`${piece.length.toString(16)}\r\n`, 'latin1')
  target.write(piece)
  const isTaken = target.write('\r\n', 'latin1')
  target.uncork()
  return isTaken
}
