import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Pool, type Dispatcher } from 'undici'
import type { Dial, UpstreamService } from '../dial.ts'
import type { ServeSettings } from '../ports.ts'
import { isTlsService, secureStream } from '../dial/secure-stream.ts'

export interface UpstreamPool {
  readonly service: UpstreamService
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  /** Ends its connections, also those that are being dialled. */
  destroy(reason: Error): void
}

export interface UpstreamPoolOptions {
  readonly service: UpstreamService
  readonly shareId: string
  readonly dial: Dial
  readonly settings: ServeSettings
}

/** Connections of one share to its service, each opened by the dial. Uncapped: what is limited are the share's streams. */
export function createUpstreamPool(options: UpstreamPoolOptions): UpstreamPool {
  const { service, settings } = options
  const dialling = new AbortController()
  // The origin is a placeholder: the dial decides where the bytes go and each request brings its own Host.
  const pool = new Pool('http://upstream.invalid', {
    pipelining: 1,
    connections: null,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    keepAliveMaxTimeout: 60_000,
    headersTimeout: settings.headersTimeoutMs,
    // Silence is watched once for both sides (LiveShare): a timer per answer would cost every request.
    bodyTimeout: 0,
    maxHeaderSize: 65_536,
    connect(_, settle) {
      openStream(options, dialling.signal).then(
        // undici asks for a Socket but uses a Duplex of it.
        (stream) => settle(null, stream as Socket),
        (error: unknown) => settle(error as Error, null),
      )
    },
  })
  return {
    service,
    dispatch: (request, handler) => {
      pool.dispatch(request, handler)
    },
    destroy(reason) {
      dialling.abort(reason)
      // Destroying an already destroyed pool rejects, and there is nothing left to do then.
      pool.destroy(reason).catch(() => undefined)
    },
  }
}

async function openStream(options: UpstreamPoolOptions, signal: AbortSignal): Promise<Duplex> {
  const { service, shareId, dial } = options
  const stream = await dial(service, { shareId, kind: 'http', signal })
  stream.on('error', hideReset)
  return isTlsService(service) ? await secureStream(stream, service) : stream
}

/**
 * undici takes ECONNRESET behind a body without a length for the end of that body (macOS sends one after a complete
 * body). For a proxy a reset is a truncated answer; this listener runs before undici's own.
 */
function hideReset(error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.code = 'UPSTREAM_RESET'
}
