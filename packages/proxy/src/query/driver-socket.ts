import { Duplex } from 'node:stream'

/**
 * A dialled stream in the form that database drivers want: it answers to a socket's methods, and it stops once the
 * database has sent `bytesMax`, however large a single row is. It is destroyed then; `isOver` tells why. As it is no
 * `net.Socket`, `tls.connect({ socket })` reads through it too.
 */
export class DriverSocket extends Duplex {
  readonly #source: Duplex
  readonly #bytesMax: number
  #bytesRead = 0
  #isOver = false

  constructor(source: Duplex, bytesMax: number) {
    super({ allowHalfOpen: false })
    this.#source = source
    this.#bytesMax = bytesMax
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.on('end', () => this.push(null))
    source.on('error', (error) => this.destroy(error))
    source.on('close', () => this.destroy())
    source.pause()
  }

  /** The database sent more than it may. */
  get isOver(): boolean {
    return this.#isOver
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  /** Already connected: drivers only want to be told. */
  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {
    this.#source.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#source.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.#source.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#source.destroy()
    done(error)
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return
    this.#bytesRead += chunk.length
    if (this.#bytesRead > this.#bytesMax) {
      this.#isOver = true
      this.destroy(new Error('The database sent more than one answer may have'))
    } else if (!this.push(chunk)) this.#source.pause()
  }
}

/** What a database may send for a result of so many bytes of JSON: binary and texts with escapes differ in size. */
export function wireBytesMax(bytesMax: number): number {
  return 2 * bytesMax + 1_024 * 1_024
}
