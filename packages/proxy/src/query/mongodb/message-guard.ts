import { Transform, type TransformCallback } from 'node:stream'

const headBytes = 16
const compressedOpcode = 2012
/** MongoDB's own limit. */
const messageBytesMax = 48_000_000 + 16_384

/**
 * Passes what a server sends, message by message by their heads: compression was not agreed to, so a compressed message
 * is a bomb or a mistake, and ends the connection, as does more than `bytesMax` altogether.
 */
export class MessageGuard extends Transform {
  /** The server sent more than it may. */
  isOver = false
  #bytesLeft: number
  #head = Buffer.alloc(0)
  #bodyLeft = 0

  constructor(bytesMax: number) {
    super()
    this.#bytesLeft = bytesMax
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytesLeft -= chunk.length
    if (this.#bytesLeft < 0) {
      this.isOver = true
      return done(new Error('The database sent more than one answer may have'))
    }
    const fault = this.#inspect(chunk)
    if (fault === null) done(null, chunk)
    else done(new Error(fault))
  }

  #inspect(chunk: Buffer): string | null {
    let rest = chunk
    while (rest.length > 0) {
      const skipped = Math.min(this.#bodyLeft, rest.length)
      this.#bodyLeft -= skipped
      rest = rest.subarray(skipped)
      if (rest.length === 0) return null
      const wanted = headBytes - this.#head.length
      this.#head = Buffer.concat([this.#head, rest.subarray(0, wanted)])
      rest = rest.subarray(wanted)
      if (this.#head.length < headBytes) return null
      const length = this.#head.readInt32LE(0)
      if (length < headBytes || length > messageBytesMax)
        return 'The database sent a message of an impossible length'
      if (this.#head.readInt32LE(12) === compressedOpcode) return 'The database sent a compressed message'
      this.#bodyLeft = length - headBytes
      this.#head = Buffer.alloc(0)
    }
    return null
  }
}
