import { Duplex } from 'node:stream'
import type { AppError } from '@private-connect/errors'
import { StreamBacklog } from './stream-backlog.ts'
import type { StreamHandler, TunnelStream } from '../mux/tunnel-stream.ts'

export interface TunnelDuplexOptions {
  /** As in `net`: without it, the peer's end of stream ends this side too. */
  readonly allowHalfOpen: boolean
}

type WriteCallback = (error?: Error | null) => void

const highWaterMark = 64 * 1024
/** So many pieces in the reader's buffer count as behind, however small they are. */
const bufferedPiecesMax = 32

/** A tunnel stream as what `Dial` promises: HTTP, upgrades, TLS and databases all stand on it as on a direct connection. */
export class TunnelDuplex extends Duplex implements StreamHandler {
  readonly #stream: TunnelStream
  readonly #backlog = new StreamBacklog()
  #uncreditedBytes = 0
  #bufferedPieces = 0
  #isEndPending = false
  #isStreamClosed = false
  #pendingWrite: WriteCallback | null = null
  #pendingFinal: WriteCallback | null = null

  constructor(stream: TunnelStream, { allowHalfOpen }: TunnelDuplexOptions) {
    super({ highWaterMark, allowHalfOpen })
    this.#stream = stream
    stream.setHandler(this)
  }

  onOpened(): void {
    this.emit('opened')
  }

  onData(piece: Buffer): void {
    if (this.destroyed) return
    const isBehind = this.readableLength >= highWaterMark || this.#bufferedPieces >= bufferedPiecesMax
    if (isBehind || !this.#backlog.isEmpty) return this.#backlog.add(piece)
    // Behind another piece it may stay for long: do not let it pin a much larger chunk of the connection.
    const isCopied = this.readableLength > 0 && piece.length * 2 < piece.buffer.byteLength
    this.#deliver(isCopied ? Buffer.from(piece) : piece)
    this.#giveCredit()
  }

  onEnd(): void {
    if (this.destroyed) return
    if (this.#backlog.isEmpty) this.push(null)
    else this.#isEndPending = true
  }

  onDrain(): void {
    const callback = this.#pendingWrite
    this.#pendingWrite = null
    callback?.()
  }

  onEndSent(): void {
    this.#pendingFinal?.()
    this.#pendingFinal = null
  }

  onClose(error: AppError | null): void {
    this.#isStreamClosed = true
    if (error !== null) this.destroy(error)
  }

  override read(size?: number): unknown {
    const chunk: unknown = super.read(size)
    if (this.readableLength === 0) this.#bufferedPieces = 0
    if (!this.#backlog.isEmpty) this.#refill()
    if (this.#uncreditedBytes > 0) this.#giveCredit()
    return chunk
  }

  override _read(): void {
    // Bytes come when the peer sends them; `read` empties the backlog.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: WriteCallback): void {
    if (this.#stream.write(chunk)) callback()
    else this.#pendingWrite = callback
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], callback: WriteCallback): void {
    let isTaken = true
    for (const { chunk } of chunks) isTaken = this.#stream.write(chunk)
    if (isTaken) callback()
    else this.#pendingWrite = callback
  }

  /** Finished means that the end has left this process, as in `net`. */
  override _final(callback: WriteCallback): void {
    this.#pendingFinal = callback
    this.#stream.end()
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    this.#backlog.clear()
    if (!this.#isStreamClosed) this.#stream.reset('cancelled')
    callback(error)
  }

  #deliver(piece: Buffer): void {
    this.#uncreditedBytes += piece.length
    this.#bufferedPieces += 1
    this.push(piece)
    if (this.readableLength === 0) this.#bufferedPieces = 0
  }

  #refill(): void {
    while (this.readableLength < highWaterMark && this.#bufferedPieces < bufferedPiecesMax) {
      const piece = this.#backlog.take()
      if (piece === null) break
      this.#deliver(piece)
    }
    if (!this.#isEndPending || !this.#backlog.isEmpty) return
    this.#isEndPending = false
    this.push(null)
  }

  /** What lies in the reader's buffer has not been taken yet: a stalled reader never gets more than its window. */
  #giveCredit(): void {
    const bytes = this.#uncreditedBytes - this.readableLength
    if (bytes <= 0) return
    this.#uncreditedBytes -= bytes
    this.#stream.consumed(bytes)
  }
}
