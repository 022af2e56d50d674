import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { AppError } from '@private-connect/errors'
import type { UpstreamService } from '../dial.ts'

export function isTlsService(service: UpstreamService): boolean {
  return service.protocol === 'https' || (service.protocol === 'auto' && service.targetPort === 443)
}

/**
 * Whether the certificate must verify. What the hub dials itself is reached over networks that others may sit on. An
 * agent's target is named by its own user and dialled from that machine, where dev servers sign for themselves, and the
 * way there is the tunnel's.
 */
export function mustVerify({ agentId, acceptsSelfSigned = false }: UpstreamService): boolean {
  return agentId === null && !acceptsSelfSigned
}

/** TLS over a dialled stream, with the certificate verified for the service's host where it must be. */
export function secureStream(stream: Duplex, service: UpstreamService): Promise<Duplex> {
  const { targetHost } = service
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket: stream,
      host: targetHost,
      ...(isIP(targetHost) === 0 ? { servername: targetHost } : {}),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: mustVerify(service),
    })
    const fail = (cause: Error): void => {
      stream.destroy()
      reject(new AppError('upstream.failed', undefined, { message: `TLS: ${cause.message}`, cause }))
    }
    secured.once('error', fail)
    secured.once('secureConnect', () => {
      secured.off('error', fail)
      resolve(secured)
    })
  })
}
