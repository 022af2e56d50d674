import type { Socket } from 'node:net'

/** How far a visitor's connection has come, as far as earlier questions have seen; asked every few seconds. */
export class VisitorProgress {
  readonly #socket: Pick<Socket, 'bytesRead' | 'bytesWritten' | 'writableLength'>
  #movedBytes = -1
  #movedMs = 0
  #takenBytes = -1
  #takenMs = 0

  constructor(socket: Pick<Socket, 'bytesRead' | 'bytesWritten' | 'writableLength'>) {
    this.#socket = socket
  }

  /** How long no byte has moved in either direction. */
  silentMs(nowMs: number): number {
    const movedBytes = this.#socket.bytesRead + this.#socket.bytesWritten
    if (movedBytes !== this.#movedBytes) {
      this.#movedBytes = movedBytes
      this.#movedMs = nowMs
    }
    return nowMs - this.#movedMs
  }

  /** How long the visitor has taken nothing of what waits for it; 0 while nothing waits. */
  stalledMs(nowMs: number): number {
    const { bytesWritten, writableLength } = this.#socket
    // Node counts what it still holds as written.
    const takenBytes = bytesWritten - writableLength
    if (writableLength === 0 || takenBytes !== this.#takenBytes) {
      this.#takenBytes = takenBytes
      this.#takenMs = nowMs
    }
    return nowMs - this.#takenMs
  }
}
