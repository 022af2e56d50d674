import { findHeaderViolation, frameType, headerBytes, isKnownFrameType } from './frame.ts'

export interface FrameSink {
  /** A piece of a data frame, by reference into the chunk that carried it; a frame may come in several pieces. */
  onData(streamId: number, piece: Buffer): void
  /** Any other frame, whole. */
  onFrame(type: number, streamId: number, payload: Buffer): void
}

const nothing = Buffer.alloc(0)

/**
 * Cuts a byte stream into frames, whatever way it was chunked. Data passes by reference; only a header or a
 * small frame that straddles two chunks is copied, so the decoder holds at most one such frame.
 */
export class FrameDecoder {
  readonly #sink: FrameSink
  readonly #header = Buffer.allocUnsafe(headerBytes)
  #headerFill = 0
  #type = 0
  #streamId = 0
  #remaining = 0
  #payload: Buffer = nothing
  #isInPayload = false
  #violation: string | null = null
  #isStopped = false

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Takes the next bytes; answers why they break the protocol, or null. After a violation nothing more is read. */
  push(chunk: Buffer): string | null {
    let offset = 0
    while (offset < chunk.length && this.#violation === null && !this.#isStopped) {
      offset = this.#isInPayload ? this.#readPayload(chunk, offset) : this.#readHeader(chunk, offset)
    }
    return this.#violation
  }

  /** Drops whatever follows, also the rest of the chunk that is being read: the tunnel has closed. */
  stop(): void {
    this.#isStopped = true
    this.#payload = nothing
  }

  #readHeader(chunk: Buffer, offset: number): number {
    if (this.#headerFill === 0 && chunk.length - offset >= headerBytes) {
      this.#begin(chunk, offset)
      return offset + headerBytes
    }
    const copied = chunk.copy(this.#header, this.#headerFill, offset)
    this.#headerFill += copied
    if (this.#headerFill === headerBytes) {
      this.#headerFill = 0
      this.#begin(this.#header, 0)
    }
    return offset + copied
  }

  #begin(header: Buffer, at: number): void {
    const word = header.readUInt32BE(at)
    this.#type = word >>> 24
    this.#remaining = word & 0xffffff
    this.#streamId = header.readUInt32BE(at + 4)
    this.#violation = findHeaderViolation(this.#type, this.#remaining, this.#streamId)
    if (this.#violation !== null) return
    if (this.#remaining > 0) this.#isInPayload = true
    else if (this.#type !== frameType.data && isKnownFrameType(this.#type))
      this.#sink.onFrame(this.#type, this.#streamId, nothing)
  }

  #readPayload(chunk: Buffer, offset: number): number {
    const end = Math.min(chunk.length, offset + this.#remaining)
    this.#remaining -= end - offset
    if (this.#remaining === 0) this.#isInPayload = false
    if (this.#type === frameType.data) this.#sink.onData(this.#streamId, chunk.subarray(offset, end))
    else if (isKnownFrameType(this.#type)) this.#gather(chunk.subarray(offset, end))
    return end
  }

  #gather(piece: Buffer): void {
    const whole = this.#payload.length === 0 ? piece : Buffer.concat([this.#payload, piece])
    if (this.#isInPayload) {
      // Copied even when first: a reference would pin the chunk while the rest is on its way.
      this.#payload = whole === piece ? Buffer.from(piece) : whole
      return
    }
    this.#payload = nothing
    this.#sink.onFrame(this.#type, this.#streamId, whole)
  }
}
