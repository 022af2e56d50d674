const opcodeClose = 8
const headBytesMax = 14

/**
 * Where one direction of a WebSocket stands (RFC 6455 §5.2): follows the heads of its frames and keeps no payload. A
 * control frame may stand between any two frames, also in the middle of a message.
 */
export class FrameCursor {
  readonly #head = Buffer.alloc(headBytesMax)
  #headBytes = 0
  #payloadLeft = 0
  #hasClosed = false

  /** Whether a frame may be added behind what was taken so far: nothing is begun, and nobody said goodbye. */
  get isBetweenFrames(): boolean {
    return this.#headBytes === 0 && this.#payloadLeft === 0 && !this.#hasClosed
  }

  take(piece: Buffer): void {
    let at = 0
    while (at < piece.length) {
      const skipped = Math.min(this.#payloadLeft, piece.length - at)
      this.#payloadLeft -= skipped
      at += skipped
      if (at < piece.length) this.#takeHeadByte(piece[at++] ?? 0)
    }
  }

  #takeHeadByte(byte: number): void {
    this.#head[this.#headBytes++] = byte
    if (this.#headBytes < 2 || this.#headBytes < headLengthOf(this.#head)) return
    if (((this.#head[0] ?? 0) & 0x0f) === opcodeClose) this.#hasClosed = true
    this.#payloadLeft = payloadLengthOf(this.#head)
    this.#headBytes = 0
  }
}

function headLengthOf(head: Buffer): number {
  const second = head[1] ?? 0
  const length = second & 0x7f
  const extended = length === 127 ? 8 : length === 126 ? 2 : 0
  return 2 + extended + (second >= 0x80 ? 4 : 0)
}

function payloadLengthOf(head: Buffer): number {
  const length = (head[1] ?? 0) & 0x7f
  if (length === 126) return head.readUInt16BE(2)
  return length === 127 ? Number(head.readBigUInt64BE(2)) : length
}

/** A server's close frame; the reason is ASCII of at most 123 characters. */
export function closeFrame(code: number, reason: string): Buffer {
  const frame = Buffer.alloc(4 + reason.length)
  frame[0] = 0x80 | opcodeClose
  frame[1] = 2 + reason.length
  frame.writeUInt16BE(code, 2)
  frame.write(reason, 4, 'latin1')
  return frame
}
