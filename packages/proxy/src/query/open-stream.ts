import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { QueryConnection } from './query-engine.ts'
import { tlsOptionsOf } from './tls-options.ts'

/** A stream to a database that speaks TLS from its first byte, or not at all. Rejects where it speaks less than was asked. */
export async function openStream(connection: QueryConnection, signal: AbortSignal): Promise<Duplex> {
  const stream = await connection.dial(signal)
  if (signal.aborted) {
    stream.destroy()
    throw signal.reason
  }
  const options = tlsOptionsOf(connection)
  if (options === null) return stream
  return new Promise((resolve, reject) => {
    const secured = connect({ ...options, socket: stream })
    const fail = (error: Error): void => {
      stream.destroy()
      reject(error)
    }
    const abort = (): void => void secured.destroy(new Error('aborted'))
    signal.addEventListener('abort', abort, { once: true })
    secured.once('error', fail)
    secured.once('close', () => reject(new Error('TLS: the database closed the connection')))
    secured.once('secureConnect', () => {
      signal.removeEventListener('abort', abort)
      secured.off('error', fail)
      // Between this moment and the driver's own listener a reset must not end the process.
      secured.on('error', () => undefined)
      resolve(secured)
    })
  })
}
