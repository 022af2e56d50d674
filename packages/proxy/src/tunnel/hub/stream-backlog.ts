/** Pieces below this are merged: a peer that sends single bytes must not cost a Buffer object for each. */
const mergeBytesMax = 4 * 1024
const blockBytes = 16 * 1024

/**
 * What arrived for a reader that is behind. Bounded by the stream's window; a piece that would pin a much larger
 * chunk of the connection is copied out of it, so memory stays near the bytes that are counted.
 */
export class StreamBacklog {
  #blocks: Buffer[] = []
  #tail: Buffer | null = null
  #tailFill = 0

  get isEmpty(): boolean {
    return this.#blocks.length === 0 && this.#tail === null
  }

  add(piece: Buffer): void {
    if (piece.length < mergeBytesMax) return this.#merge(piece)
    this.#seal()
    this.#blocks.push(piece.length * 2 < piece.buffer.byteLength ? Buffer.from(piece) : piece)
  }

  take(): Buffer | null {
    if (this.#blocks.length === 0) this.#seal()
    return this.#blocks.shift() ?? null
  }

  clear(): void {
    this.#blocks = []
    this.#tail = null
    this.#tailFill = 0
  }

  #merge(piece: Buffer): void {
    if (this.#tail !== null && this.#tailFill + piece.length > blockBytes) this.#seal()
    this.#tail ??= Buffer.allocUnsafeSlow(blockBytes)
    this.#tail.set(piece, this.#tailFill)
    this.#tailFill += piece.length
  }

  #seal(): void {
    if (this.#tail === null) return
    const block = this.#tail.subarray(0, this.#tailFill)
    this.#blocks.push(this.#tailFill * 2 < blockBytes ? Buffer.from(block) : block)
    this.#tail = null
    this.#tailFill = 0
  }
}
