import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { AppError } from '@private-connect/errors'
import type { UpstreamService } from '../dial.ts'

export function isTlsService(service: UpstreamService): boolean {
  return service.protocol === 'https' || (service.protocol === 'auto' && service.targetPort === 443)
}

/** TLS over a dialled stream. The certificate is verified for the service's host unless the service says otherwise. */
export function secureStream(stream: Duplex, service: UpstreamService): Promise<Duplex> {
  const { targetHost, acceptsSelfSigned = false } = service
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket: stream,
      host: targetHost,
      ...(isIP(targetHost) === 0 ? { servername: targetHost } : {}),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: !acceptsSelfSigned,
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
