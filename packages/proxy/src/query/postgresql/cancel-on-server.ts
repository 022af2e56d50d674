import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { DriverSocket } from '../driver-socket.ts'
import type { QueryConnection } from '../query-engine.ts'
import { tlsOptionsOf } from '../tls-options.ts'

export interface BackendKey {
  readonly processId: number
  readonly secret: number
}

const cancelTimeoutMs = 2_000
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/**
 * Sends CancelRequest over a connection of its own, encrypted where the session is, and waits until the server has closed
 * that connection, which it does once the signal is on its way. What fails here is no news to anybody: the session's
 * connection is dropped next, and the server's own statement_timeout ends what is left.
 */
export async function cancelOnServer(connection: QueryConnection, key: BackendKey): Promise<void> {
  const signal = AbortSignal.timeout(cancelTimeoutMs)
  try {
    const stream = await connection.dial(signal)
    try {
      await sendCancel(stream, { connection, key, signal })
    } finally {
      stream.destroy()
    }
  } catch {
    // Said above.
  }
}

interface CancelOptions {
  readonly connection: QueryConnection
  readonly key: BackendKey
  readonly signal: AbortSignal
}

async function sendCancel(stream: Duplex, { connection, key, signal }: CancelOptions): Promise<void> {
  const socket = new DriverSocket(stream, 65_536)
  const onAbort = (): void => void socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const options = tlsOptionsOf(connection)
    const channel = options === null ? socket : await encrypt(socket, options)
    channel.on('error', () => {})
    await new Promise<void>((resolve) => {
      channel.on('close', resolve)
      channel.resume()
      channel.write(cancelRequest(key))
    })
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Bytes that follow the `S` came from somebody in between who knew no key (CVE-2021-23222). */
async function encrypt(
  socket: DriverSocket,
  options: NonNullable<ReturnType<typeof tlsOptionsOf>>,
): Promise<TLSSocket> {
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('The server closed the connection')))
    socket.write(sslRequest)
  })
  if (answer.toString('latin1') !== 'S') throw new Error('The server does not speak TLS')
  socket.pause()
  return new Promise((resolve, reject) => {
    const secure = connect({ ...options, socket }, () => resolve(secure))
    secure.once('error', reject)
  })
}

function cancelRequest({ processId, secret }: BackendKey): Buffer {
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(80_877_102, 4)
  message.writeInt32BE(processId, 8)
  message.writeInt32BE(secret, 12)
  return message
}
