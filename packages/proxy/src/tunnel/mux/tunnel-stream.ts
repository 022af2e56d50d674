import type { AppError } from '@private-connect/errors'
import { frameType, openCreditBytes, payloadBytesMax } from './frame.ts'
import type { FrameSource, FrameWriter } from './frame-writer.ts'
import type { ReceiveWindow } from './receive-window.ts'
import { encodeCode, type ResetCode } from './stream-codes.ts'

/** Who uses the stream: a Duplex on the hub, a local socket on the agent. Called synchronously, in wire order. */
export interface StreamHandler {
  onOpened(): void
  /** Bytes by reference; tell `consumed` when they have been taken. */
  onData(piece: Buffer): void
  onEnd(): void
  /** `write` answered false before; go on. */
  onDrain(): void
  /** The own end has been sent, after everything written. */
  onEndSent(): void
  /** Exactly once. Null after both sides ended, or after the own `reset`. */
  onClose(error: AppError | null): void
}

export interface StreamHost {
  readonly writer: FrameWriter
  readonly rttMs: number | null
  monotonicMs(): number
  forget(stream: TunnelStream): void
}

/** More than this waiting for credit or for the socket: whoever writes should pause. */
const queueBytesMax = 128 * 1024
const creditBytesMax = 0x7fffffff

/** One byte stream of a tunnel; both ends use the same. */
export class TunnelStream implements FrameSource {
  readonly id: number
  isQueued = false
  readonly #host: StreamHost
  readonly #window: ReceiveWindow
  readonly #timing: { nowMs: () => number; rttMs: number | null }
  #handler: StreamHandler | null = null
  #sendCredit = openCreditBytes
  #queue: Buffer[] = []
  #queuedBytes = 0
  #isDrainAwaited = false
  #isEnding = false
  #isFinSent = false
  #isRemoteEnded = false
  #isClosed = false

  constructor(id: number, host: StreamHost, window: ReceiveWindow) {
    this.id = id
    this.#host = host
    this.#window = window
    this.#timing = { nowMs: () => host.monotonicMs(), rttMs: null }
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get windowBytes(): number {
    return this.#window.sizeBytes
  }

  setHandler(handler: StreamHandler): void {
    this.#handler = handler
  }

  /** Takes the bytes in any case; false asks to pause until `onDrain`. */
  write(payload: Buffer): boolean {
    if (this.#isClosed || this.#isEnding || payload.length === 0) return true
    const { writer } = this.#host
    const isDirect = this.#queuedBytes === 0 && payload.length <= this.#sendCredit && writer.isReady
    if (isDirect && payload.length <= payloadBytesMax) {
      this.#sendCredit -= payload.length
      writer.writeData(this.id, payload)
      return true
    }
    this.#queue.push(payload)
    this.#queuedBytes += payload.length
    if (this.#sendCredit > 0) writer.enqueue(this)
    if (this.#queuedBytes < queueBytesMax) return true
    this.#isDrainAwaited = true
    return false
  }

  /** Half-closes after everything written has been sent. */
  end(): void {
    if (this.#isEnding || this.#isClosed) return
    this.#isEnding = true
    if (this.#queuedBytes === 0) this.#sendFin()
  }

  /** Cuts both directions now; what is queued is dropped. */
  reset(code: ResetCode): void {
    if (this.#isClosed) return
    this.#host.writer.writeControl(frameType.reset, this.id, encodeCode(code))
    this.close(null)
  }

  /** Gives credit back for bytes that the reader has taken. */
  consumed(bytes: number): void {
    if (this.#isClosed) return
    this.#timing.rttMs = this.#host.rttMs
    const grantBytes = this.#window.consume(bytes, this.#timing)
    if (grantBytes > 0 && !this.#isRemoteEnded)
      this.#host.writer.writeNumber(frameType.window, this.id, grantBytes)
  }

  sendNext(): boolean {
    const head = this.#queue[0]
    if (head === undefined || this.#sendCredit === 0) return false
    const bytes = Math.min(head.length, this.#sendCredit, payloadBytesMax)
    if (bytes === head.length) this.#queue.shift()
    else this.#queue[0] = head.subarray(bytes)
    this.#queuedBytes -= bytes
    this.#sendCredit -= bytes
    this.#host.writer.writeData(this.id, bytes === head.length ? head : head.subarray(0, bytes))
    this.#afterSend()
    return this.#queuedBytes > 0 && this.#sendCredit > 0
  }

  /** The first credit beyond the optimistic one; the acceptor sends it with `opened`, the opener with `open`. */
  grantFirst(): number {
    return this.#window.grant()
  }

  receiveOpened(creditBytes: number): boolean {
    const isWithin = this.receiveCredit(creditBytes)
    if (isWithin) this.#handler?.onOpened()
    return isWithin
  }

  /** False when the peer had no credit for these bytes or had ended already. */
  receiveData(piece: Buffer): boolean {
    if (this.#isRemoteEnded || !this.#window.receive(piece.length)) return false
    this.#handler?.onData(piece)
    return true
  }

  receiveCredit(bytes: number): boolean {
    this.#sendCredit += bytes
    if (this.#sendCredit > creditBytesMax) return false
    if (this.#queuedBytes > 0) this.#host.writer.enqueue(this)
    return true
  }

  receiveFin(): boolean {
    if (this.#isRemoteEnded) return false
    this.#isRemoteEnded = true
    this.#handler?.onEnd()
    if (this.#isFinSent) this.close(null)
    return true
  }

  /** Ends the stream for its user, without a word to the peer. */
  close(error: AppError | null): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue = []
    this.#queuedBytes = 0
    this.#window.release()
    this.#host.forget(this)
    this.#handler?.onClose(error)
  }

  #afterSend(): void {
    if (this.#queuedBytes === 0 && this.#isEnding) this.#sendFin()
    if (!this.#isDrainAwaited || this.#queuedBytes >= queueBytesMax / 2) return
    this.#isDrainAwaited = false
    this.#handler?.onDrain()
  }

  #sendFin(): void {
    if (this.#isFinSent || this.#isClosed) return
    this.#isFinSent = true
    this.#host.writer.writeControl(frameType.fin, this.id)
    this.#handler?.onEndSent()
    if (this.#isRemoteEnded) this.close(null)
  }
}
