import type { AppError } from '@private-connect/errors'
import type { TunnelStream } from './tunnel-stream.ts'

const idMax = 0xffffffff

/** The open streams of a tunnel. The hub's ids are odd, the agent's even, each growing: an old id never comes back. */
export class StreamTable {
  readonly #streams = new Map<number, TunnelStream>()
  readonly #parity: number
  #ownLast: number
  #peerLast = 0
  #ownCount = 0
  #onEmpty: (() => void) | null = null

  constructor(firstId: 1 | 2) {
    this.#parity = firstId % 2
    this.#ownLast = firstId - 2
  }

  get count(): number {
    return this.#streams.size
  }

  get ownCount(): number {
    return this.#ownCount
  }

  get peerCount(): number {
    return this.#streams.size - this.#ownCount
  }

  /** The next id for a stream that this end opens, or null when all have been used. */
  nextId(): number | null {
    if (this.#ownLast + 2 > idMax) return null
    this.#ownLast += 2
    return this.#ownLast
  }

  get(id: number): TunnelStream | undefined {
    return this.#streams.get(id)
  }

  /** Whether a stream of this id was ever opened: late frames for it are normal, others are not. */
  wasOpened(id: number): boolean {
    return id <= (this.#isOwn(id) ? this.#ownLast : this.#peerLast)
  }

  /** Counts an id that the peer opens; false when it may not use that one. */
  claimPeerId(id: number): boolean {
    if (this.#isOwn(id) || id <= this.#peerLast) return false
    this.#peerLast = id
    return true
  }

  add(stream: TunnelStream): void {
    this.#streams.set(stream.id, stream)
    if (this.#isOwn(stream.id)) this.#ownCount += 1
  }

  remove(stream: TunnelStream): void {
    if (!this.#streams.delete(stream.id)) return
    if (this.#isOwn(stream.id)) this.#ownCount -= 1
    if (this.#streams.size === 0) this.#onEmpty?.()
  }

  /** Calls back when no stream is left; at once when there is none now. */
  whenEmpty(callback: () => void): void {
    this.#onEmpty = callback
    if (this.#streams.size === 0) callback()
  }

  closeAll(createError: () => AppError): void {
    this.#onEmpty = null
    for (const stream of this.#streams.values()) stream.close(createError())
  }

  #isOwn(id: number): boolean {
    return id % 2 === this.#parity
  }
}
