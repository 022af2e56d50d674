import type { Fault } from './response-head.ts'

const headBytesMax = 65_536
const start = 'HTTP/1.'
const bareLineFeed = /[^\r]\n/

/**
 * Collects a head from pieces that may be cut anywhere, in linear time. What cannot become a head is refused as early
 * as it shows: a service of another protocol would otherwise keep its visitor waiting for the rest.
 */
export class HeadCollector {
  /** The head without its empty line, once `take` has found its end. */
  text = ''
  fault: Fault | null = null
  #parts: string[] = []
  #length = 0
  #tail = ''

  /** Where in the piece the head ends, or -1 while it has no end or has a fault. */
  take(piece: Buffer, from: number): number {
    if (this.#length > 0) return this.#takeMore(piece, from)
    const end = piece.indexOf('\r\n\r\n', from, 'latin1')
    if (end < 0) return this.#takeMore(piece, from)
    if (end + 4 - from > headBytesMax) return this.#refuse('head too large')
    this.text = piece.toString('latin1', from, end + 2)
    return end + 4
  }

  #takeMore(piece: Buffer, from: number): number {
    // One byte more than may be, so that a head of exactly the limit passes and a longer one shows.
    const fresh = piece.toString(
      'latin1',
      from,
      Math.min(piece.length, from + headBytesMax + 1 - this.#length),
    )
    const probe = this.#tail + fresh
    const end = probe.indexOf('\r\n\r\n')
    if (end < 0) return this.#keep(fresh, probe)
    const taken = end + 4 - this.#tail.length
    if (this.#length + taken > headBytesMax) return this.#refuse('head too large')
    this.text = this.#parts.join('') + fresh.slice(0, taken)
    this.text = this.text.slice(0, -2)
    this.#clear()
    return from + taken
  }

  #keep(fresh: string, probe: string): number {
    const expected = start.slice(this.#length, this.#length + fresh.length)
    if (!fresh.startsWith(expected)) return this.#refuse('not HTTP/1')
    if (bareLineFeed.test(probe)) return this.#refuse('bare line feed')
    this.#length += fresh.length
    if (this.#length >= headBytesMax) return this.#refuse('head too large')
    this.#parts.push(fresh)
    this.#tail = probe.slice(-3)
    return -1
  }

  #refuse(fault: Fault): number {
    this.fault = fault
    this.#clear()
    return -1
  }

  #clear(): void {
    this.#parts = []
    this.#length = 0
    this.#tail = ''
  }
}
