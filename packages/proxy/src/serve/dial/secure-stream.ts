import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { AppError } from '@private-connect/errors'
import type { UpstreamService } from '../dial.ts'

/** A target that accepts and then says nothing does not hold its visitors longer than one that does not accept. */
const handshakeTimeoutMs = 10_000

/**
 * Whether the certificate must verify. What the hub dials itself is reached over networks that others may sit on. An
 * agent's target is named by its own user and dialled from that machine, where dev servers sign for themselves, and the
 * way there is the tunnel's.
 */
function mustVerify({ agentId, acceptsSelfSigned = false }: UpstreamService): boolean {
  return agentId === null && !acceptsSelfSigned
}

interface SecureOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** TLS over a dialled stream, with the certificate verified for the service's host where it must be. */
export function secureStream(
  stream: Duplex,
  service: UpstreamService,
  { signal, timeoutMs = handshakeTimeoutMs }: SecureOptions = {},
): Promise<Duplex> {
  const { targetHost } = service
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket: stream,
      host: targetHost,
      ...(isIP(targetHost) === 0 ? { servername: targetHost } : {}),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: mustVerify(service),
    })
    // A dial that resolves before the service has accepted may fail at any moment.
    stream.on('error', () => undefined)
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
    const fail = (error: AppError): void => {
      settle()
      secured.on('error', () => undefined)
      secured.destroy()
      stream.destroy()
      reject(error)
    }
    const leave = (): void =>
      fail(new AppError('upstream.failed', undefined, { message: 'TLS: not needed any more' }))
    const onError = (cause: Error): void => fail(toFailure(cause))
    const timer = setTimeout(() => {
      fail(new AppError('upstream.timeout', undefined, { message: 'TLS: no end of the handshake in time' }))
    }, timeoutMs)
    signal?.addEventListener('abort', leave, { once: true })
    secured.once('error', onError)
    secured.once('secureConnect', () => {
      settle()
      secured.off('error', onError)
      // Between this moment and the first listener of whoever uses the stream, a reset must not end the process.
      secured.on('error', () => undefined)
      resolve(secured)
    })
  })
}

/** What the dial says of itself stays what it is. */
function toFailure(cause: Error): AppError {
  if (cause instanceof AppError) return cause
  return new AppError('upstream.failed', undefined, { message: `TLS: ${cause.message}`, cause })
}
