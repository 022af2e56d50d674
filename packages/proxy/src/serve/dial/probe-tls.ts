import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { clientHello, isTlsRecord } from './client-hello.ts'

/**
 * Whether the target at the other end speaks TLS; says so or hangs up, and nothing that an app gets to see is sent. One
 * that stays silent does not: it is waiting for a request. Rejects with what says that the target was not reached at all.
 */
export function probeTls(stream: Duplex, host: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(false), timeoutMs)
    const settle = (isTls: boolean): void => {
      clearTimeout(timer)
      stream.destroy()
      resolve(isTls)
    }
    stream.on('error', (error) => {
      // A dial that resolves before the service has accepted tells it here.
      if (error instanceof AppError) reject(error)
      settle(false)
    })
    stream.once('data', (piece: Buffer) => settle(isTlsRecord(piece[0] ?? 0)))
    stream.once('end', () => settle(false))
    stream.once('close', () => settle(false))
    stream.write(clientHello(host))
  })
}
