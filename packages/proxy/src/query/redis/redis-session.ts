import type { Duplex } from 'node:stream'
import { Redis, type RedisOptions } from 'ioredis'
import { DriverSocket } from '../driver-socket.ts'
import { openStream } from '../open-stream.ts'
import type { QueryConnection } from '../query-engine.ts'
import { connectFailed } from '../query-errors.ts'

export interface RedisSession {
  /** Sends one command; the reply has Buffers for strings and text for integers. */
  send(name: string, args: readonly (string | Buffer)[]): Promise<unknown>
  readonly socket: DriverSocket
  readonly close: () => void
}

export interface SessionOptions {
  readonly connection: QueryConnection
  readonly bytesMax: number
  readonly signal: AbortSignal
}

/** One connection, signed in, in the login's database, which an abort closes. It neither reconnects nor follows anyone elsewhere. */
export async function openRedisSession({
  connection,
  bytesMax,
  signal,
}: SessionOptions): Promise<RedisSession> {
  const socket = new DriverSocket(await openStream(connection, signal).catch(refuse(connection)), bytesMax)
  const client = createClient(socket)
  const send: RedisSession['send'] = async (name, args) => client.callBuffer(name, ...args)
  const close = (): void => {
    client.disconnect()
    socket.destroy()
  }
  signal.addEventListener('abort', close, { once: true })
  try {
    signal.throwIfAborted()
    await client.connect()
    await signIn(send, connection)
    return { send, socket, close }
  } catch (error) {
    close()
    throw connectFailed(error, connection)
  }
}

function refuse(connection: QueryConnection): (error: unknown) => never {
  return (error) => {
    throw connectFailed(error, connection)
  }
}

function createClient(socket: DriverSocket): Redis {
  const client = new Redis({
    Connector: connectorTo(socket),
    lazyConnect: true,
    protocol: 2,
    stringNumbers: true,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    reconnectOnError: null,
  })
  // What goes wrong rejects the command that waits for it.
  client.on('error', () => undefined)
  return client
}

/** The driver's way to a stream of one's own. */
function connectorTo(socket: Duplex): NonNullable<RedisOptions['Connector']> {
  class StreamConnector {
    check(): boolean {
      return true
    }

    disconnect(): void {
      socket.destroy()
    }

    async connect(): Promise<never> {
      // The driver takes any stream with a socket's methods; its types ask for a socket itself.
      return socket as never
    }
  }
  return StreamConnector as unknown as NonNullable<RedisOptions['Connector']>
}

/** By hand: the driver would go on after a failed AUTH. */
async function signIn(send: RedisSession['send'], { login }: QueryConnection): Promise<void> {
  const { username, password, database } = login
  const steps: Promise<unknown>[] = []
  if (password !== '' || username !== null) {
    steps.push(send('auth', username === null ? [password] : [username, password]))
  }
  // What a new connection is in already, and many logins may not ask for.
  if (database !== null && database !== '0') steps.push(send('select', [database]))
  await Promise.all(steps)
}
