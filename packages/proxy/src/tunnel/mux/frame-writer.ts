import { frameType, headerBytes, writeFrameHeader } from './frame.ts'
import type { TunnelTransport } from './tunnel-transport.ts'

/** Payloads up to this size are copied beside their header: cheaper than one more entry in the write vector. */
const copyBytesMax = 4 * 1024
const slabBytes = 64 * 1024
/** Enough for one copied frame; a tunnel that only pings holds no more. */
const idleSlabBytes = 8 * 1024
/** What one turn of the event loop sends at most; the rest waits for its turn in the ring. */
const turnBytesMax = 256 * 1024
/** Control frames that pile up while the peer reads nothing; above this the peer is not reading on purpose. */
const heldBytesMax = 4 * 1024 * 1024

/** Something with more to send than went out at once; takes turns with the others. */
export interface FrameSource {
  isQueued: boolean
  /** Writes one frame; false when it has nothing more that it may send now. */
  sendNext(): boolean
}

/**
 * Collects the frames of one turn of the event loop and hands them to the transport in one go. While the
 * transport is backed up, sources wait in a ring and each sends one frame per round.
 */
export class FrameWriter {
  readonly #transport: TunnelTransport
  readonly #onHeld: () => void
  #parts: Buffer[] = []
  #slab: Buffer = Buffer.alloc(0)
  #slabStart = 0
  #slabEnd = 0
  #turnBytes = 0
  #isScheduled = false
  #isBlocked = false
  #isClosed = false
  #ring: FrameSource[] = []

  constructor(transport: TunnelTransport, onHeld: () => void) {
    this.#transport = transport
    this.#onHeld = onHeld
  }

  /** Whether data may be written at once; otherwise its source has to queue. */
  get isReady(): boolean {
    return !this.#isBlocked && this.#turnBytes < turnBytesMax && this.#ring.length === 0
  }

  /** A frame without payload or with a small one, which is copied. */
  writeControl(type: number, streamId: number, payload?: Buffer): void {
    if (this.#isClosed) return
    const length = payload?.length ?? 0
    if (length > copyBytesMax) return this.#writeByReference(type, streamId, payload as Buffer)
    const at = this.#reserve(headerBytes + length)
    writeFrameHeader(this.#slab, at, { type, streamId, length })
    if (payload !== undefined) this.#slab.set(payload, at + headerBytes)
    if (this.#isBlocked && this.#turnBytes > heldBytesMax) this.#onHeld()
  }

  /** A frame whose payload is one 32-bit number. */
  writeNumber(type: number, streamId: number, value: number): void {
    if (this.#isClosed) return
    const at = this.#reserve(headerBytes + 4)
    writeFrameHeader(this.#slab, at, { type, streamId, length: 4 })
    this.#slab.writeUInt32BE(value, at + headerBytes)
    if (this.#isBlocked && this.#turnBytes > heldBytesMax) this.#onHeld()
  }

  /** A data frame; a large payload goes by reference and must not change afterwards. */
  writeData(streamId: number, payload: Buffer): void {
    if (payload.length <= copyBytesMax) this.writeControl(frameType.data, streamId, payload)
    else if (!this.#isClosed) this.#writeByReference(frameType.data, streamId, payload)
  }

  enqueue(source: FrameSource): void {
    if (source.isQueued || this.#isClosed) return
    source.isQueued = true
    this.#ring.push(source)
    this.#schedule()
  }

  /** The transport has taken everything: go on with the ring. */
  drained(): void {
    this.#isBlocked = false
    this.#flush()
  }

  /** Sends what is collected now; for the last words before closing. */
  flushNow(): void {
    this.#sealSlab()
    if (this.#parts.length > 0) this.#send()
  }

  close(): void {
    this.#isClosed = true
    this.#parts = []
    this.#ring = []
  }

  #writeByReference(type: number, streamId: number, payload: Buffer): void {
    const at = this.#reserve(headerBytes)
    writeFrameHeader(this.#slab, at, { type, streamId, length: payload.length })
    this.#sealSlab()
    this.#parts.push(payload)
    this.#turnBytes += payload.length
  }

  #reserve(bytes: number): number {
    if (this.#slabEnd + bytes > this.#slab.length) {
      this.#sealSlab()
      this.#slab = Buffer.allocUnsafeSlow(this.#turnBytes > 0 ? slabBytes : idleSlabBytes)
      this.#slabStart = 0
      this.#slabEnd = 0
    }
    const at = this.#slabEnd
    this.#slabEnd += bytes
    this.#turnBytes += bytes
    this.#schedule()
    return at
  }

  #sealSlab(): void {
    if (this.#slabEnd === this.#slabStart) return
    this.#parts.push(this.#slab.subarray(this.#slabStart, this.#slabEnd))
    this.#slabStart = this.#slabEnd
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isBlocked) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#isBlocked || this.#isClosed) return
    this.#takeTurns()
    this.#sealSlab()
    if (this.#parts.length > 0) this.#send()
    if (this.#ring.length > 0) this.#schedule()
  }

  #takeTurns(): void {
    let turn = 0
    while (turn < this.#ring.length && this.#turnBytes < turnBytesMax) {
      const source = this.#ring[turn] as FrameSource
      turn += 1
      if (source.sendNext()) this.#ring.push(source)
      else source.isQueued = false
    }
    if (turn > 0) this.#ring.splice(0, turn)
  }

  #send(): void {
    const parts = this.#parts
    this.#parts = []
    this.#turnBytes = 0
    this.#isBlocked = !this.#transport.send(parts)
  }
}
