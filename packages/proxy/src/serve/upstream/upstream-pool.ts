import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { isTlsService, secureStream } from '../dial/secure-stream.ts'
import type { Dial, UpstreamService } from '../dial.ts'
import type { ServeSettings } from '../ports.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamHandler, UpstreamRequest } from './upstream-exchange.ts'

export interface UpstreamPool {
  readonly service: UpstreamService
  /** Sends a request on a connection of its own, an idle or a new one; errors of the dial come to the handler. */
  send(request: UpstreamRequest, handler: UpstreamHandler): void
  /** Ends its connections, also those that are being dialled. */
  destroy(reason: Error): void
}

export interface UpstreamPoolOptions {
  readonly service: UpstreamService
  readonly shareId: string
  readonly dial: Dial
  readonly settings: Pick<ServeSettings, 'keepAliveTimeoutMs' | 'headersTimeoutMs'>
}

const tickMsMax = 1_000

/** Connections of one share to its service, each opened by the dial. Uncapped: what is limited are the share's streams. */
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
  readonly #dialling = new AbortController()
  readonly #connections = new Set<UpstreamConnection>()
  /** The one used last is used next, so that those that are not needed grow old. */
  readonly #idle: UpstreamConnection[] = []
  readonly #tickMs: number
  #tick: NodeJS.Timeout | null = null

  constructor(options: UpstreamPoolOptions) {
    this.#options = options
    const { keepAliveTimeoutMs, headersTimeoutMs } = options.settings
    this.#tickMs = Math.min(tickMsMax, Math.ceil(Math.min(keepAliveTimeoutMs, headersTimeoutMs) / 4))
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): void {
    for (;;) {
      const idle = this.#idle.pop()
      if (idle === undefined) break
      if (idle.isUsable && !this.#isOld(idle, performance.now())) return idle.send(request, handler)
      idle.destroy()
    }
    this.#dial().then(
      (connection) => connection.send(request, handler),
      (error: Error) => handler.onError(error),
    )
  }

  destroy(reason: Error): void {
    this.#dialling.abort(reason)
    if (this.#tick !== null) clearInterval(this.#tick)
    for (const connection of this.#connections) connection.fail(reason)
  }

  onIdle(connection: UpstreamConnection): void {
    this.#idle.push(connection)
  }

  onClosed(connection: UpstreamConnection): void {
    this.#connections.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
    if (this.#connections.size > 0 || this.#tick === null) return
    clearInterval(this.#tick)
    this.#tick = null
  }

  async #dial(): Promise<UpstreamConnection> {
    const { signal } = this.#dialling
    const stream = await openStream(this.#options, signal)
    if (signal.aborted) {
      stream.destroy()
      throw signal.reason
    }
    const connection = new UpstreamConnection(stream, this)
    this.#connections.add(connection)
    this.#tick ??= setInterval(() => this.#check(), this.#tickMs).unref()
    return connection
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

async function openStream(options: UpstreamPoolOptions, signal: AbortSignal): Promise<Duplex> {
  const { service, shareId, dial } = options
  const stream = await dial(service, { shareId, kind: 'http', signal })
  return isTlsService(service) ? await secureStream(stream, service) : stream
}
