import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { openStream } from '../dial/open-stream.ts'
import type { Dial, UpstreamService } from '../dial.ts'
import type { ServeSettings } from '../ports.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamHandler, UpstreamRequest } from './upstream-exchange.ts'

export interface UpstreamPool {
  readonly service: UpstreamService
  /** Sends a request on a connection of its own, its visitor's idle or a new one; dial errors go to the handler. */
  send(request: UpstreamRequest, handler: UpstreamHandler): void
  /** Ends its connections, also those that are being dialled. */
  destroy(reason: Error): void
}

export interface UpstreamPoolOptions {
  readonly service: UpstreamService
  readonly shareId: string
  readonly dial: Dial
  readonly settings: Pick<ServeSettings, 'keepAliveTimeoutMs' | 'headersTimeoutMs' | 'streamsPerShareMax'>
}

const tickMsMax = 1_000
/** An upstream may have closed a connection that is idle for so long; it is looked at again before it is used. */
const restedMs = 500
/** What a visitor's browser may ask for again by itself, should the upstream have closed the connection after all. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Connections of one share to its service, each opened by the dial and used for one visitor's connection only. Those in
 * use are as many as the share's streams, which are limited; of the idle ones as many are kept.
 */
export function createUpstreamPool(options: UpstreamPoolOptions): UpstreamPool {
  const pool = new ConnectionPool(options)
  return {
    service: options.service,
    send: (request, handler) => pool.send(request, handler),
    destroy: (reason) => pool.destroy(reason),
  }
}

class ConnectionPool {
  readonly #options: UpstreamPoolOptions
  /** One for each dial: sockets leave listeners on their signal, which would pile up on one that lives long. */
  readonly #dialling = new Set<AbortController>()
  readonly #connections = new Set<UpstreamConnection>()
  /** One for each visitor's connection, in use or idle. Not changed by each request, or its outgrown tables pile up. */
  readonly #kept = new Map<Duplex, UpstreamConnection>()
  readonly #tickMs: number
  #tick: NodeJS.Timeout | null = null
  #ended: Error | null = null

  constructor(options: UpstreamPoolOptions) {
    this.#options = options
    const { keepAliveTimeoutMs, headersTimeoutMs } = options.settings
    this.#tickMs = Math.min(tickMsMax, Math.ceil(Math.min(keepAliveTimeoutMs, headersTimeoutMs) / 4))
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): void {
    const kept = this.#kept.get(request.visitor)
    if (kept === undefined || kept.isBusy) return this.#sendOnNew(request, handler)
    const now = performance.now()
    const mayServe = kept.isUsable && !this.#isOld(kept, now)
    const isRested = now - kept.idleSinceMs >= restedMs
    if (mayServe && !isRested) return kept.send(request, handler)
    this.#kept.delete(request.visitor)
    if (mayServe && safeMethods.has(request.method)) return this.#sendOnRested(kept, request, handler)
    kept.destroy()
    this.#sendOnNew(request, handler)
  }

  #sendOnNew(request: UpstreamRequest, handler: UpstreamHandler): void {
    if (this.#ended !== null) return handler.onError(this.#ended)
    this.#dial(request.visitor).then(
      (connection) => connection.send(request, handler),
      (error: Error) => handler.onError(error),
    )
  }

  /** Nothing that was sent is sent again, so an end that has arrived by now must be seen before: it may be unread yet. */
  #sendOnRested(rested: UpstreamConnection, ...rest: [UpstreamRequest, UpstreamHandler]): void {
    afterNextPoll(() => {
      if (rested.isUsable) return rested.send(...rest)
      rested.destroy()
      this.#sendOnNew(...rest)
    })
  }

  destroy(reason: Error): void {
    this.#ended = reason
    for (const dialling of this.#dialling) dialling.abort(reason)
    if (this.#tick !== null) clearInterval(this.#tick)
    for (const connection of this.#connections) connection.fail(reason)
  }

  onIdle(connection: UpstreamConnection): void {
    const { visitor } = connection
    const kept = this.#kept.get(visitor)
    if (kept === connection) return
    // A visitor that sends requests ahead has several in use, and keeps one.
    if (kept !== undefined || !connection.isUsable) return connection.destroy()
    if (this.#kept.size >= this.#options.settings.streamsPerShareMax) this.#dropOldestIdle()
    this.#kept.set(visitor, connection)
  }

  onClosed(connection: UpstreamConnection): void {
    this.#connections.delete(connection)
    if (this.#kept.get(connection.visitor) === connection) this.#kept.delete(connection.visitor)
    if (this.#connections.size > 0 || this.#tick === null) return
    clearInterval(this.#tick)
    this.#tick = null
  }

  #dropOldestIdle(): void {
    for (const [visitor, connection] of this.#kept) {
      if (connection.isBusy) continue
      this.#kept.delete(visitor)
      return connection.destroy()
    }
  }

  async #dial(visitor: Duplex): Promise<UpstreamConnection> {
    const stream = await this.#openStream()
    const connection = new UpstreamConnection(stream, visitor, this)
    this.#connections.add(connection)
    this.#tick ??= setInterval(() => this.#check(), this.#tickMs).unref()
    return connection
  }

  async #openStream(): Promise<Duplex> {
    const dialling = new AbortController()
    const { signal } = dialling
    this.#dialling.add(dialling)
    try {
      const { dial, service, shareId } = this.#options
      const stream = await openStream(dial, service, { shareId, kind: 'http', signal })
      if (!signal.aborted) return stream
      stream.destroy()
      throw signal.reason
    } finally {
      this.#dialling.delete(dialling)
    }
  }

  #isOld({ idleSinceMs, keepAliveMs }: UpstreamConnection, now: number): boolean {
    return now - idleSinceMs >= Math.min(keepAliveMs, this.#options.settings.keepAliveTimeoutMs)
  }

  /** One coarse clock for all connections: a timer for each request would cost more than the rest of its bookkeeping. */
  #check(): void {
    const now = performance.now()
    for (const connection of this.#connections) {
      if (connection.isOverdue(now, this.#options.settings.headersTimeoutMs)) {
        connection.fail(new AppError('upstream.timeout', undefined, { message: 'No answer in time' }))
      } else if (connection.isUsable && this.#isOld(connection, now)) connection.destroy()
    }
  }
}

/** The first turn of the event loop may read what was ready when it began; the second one asks anew. */
function afterNextPoll(callback: () => void): void {
  setImmediate(() => setImmediate(callback))
}
