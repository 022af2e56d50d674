import pg from 'pg'
import { DriverSocket, wireBytesMax } from '../driver-socket.ts'
import type { QueryConnection } from '../query-engine.ts'
import { connectFailed } from '../query-errors.ts'
import { tlsOptionsOf } from '../tls-options.ts'
import { cancelOnServer, type BackendKey } from './cancel-on-server.ts'
import { Exchange, type Step, type StepOutcome, type TextRow } from './exchange.ts'

export interface Session {
  /** `170004` for 17.4. */
  readonly serverVersion: number
  /** The database sent more than an answer may have, and the connection was cut. */
  readonly isOver: boolean
  run(steps: readonly Step[], onRow?: (row: TextRow) => void): Promise<StepOutcome[]>
  /** Stops what runs on the server, then drops the connection. */
  cancel(): Promise<void>
}

export interface SessionOptions {
  readonly connection: QueryConnection
  readonly signal: AbortSignal
  readonly bytesMax: number
}

interface OpenClient {
  readonly client: pg.Client
  readonly socket: DriverSocket
  serverVersion: number
}

/** How long a polite end of a connection may take. */
const closeTimeoutMs = 1_000

/**
 * Opens a connection, lets `work` use it, and closes it whatever happens. An abort cancels what runs on the server and
 * becomes the signal's reason.
 */
export async function withSession<Result>(
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const { connection, signal } = options
  const open = await connectClient(options)
  let cancelling: Promise<void> | null = null
  const cancel = (): Promise<void> => {
    cancelling ??= cancelOnServer(connection, backendKeyOf(open.client)).finally(() => open.socket.destroy())
    return cancelling
  }
  const onAbort = (): void => void cancel()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await work({
      serverVersion: open.serverVersion,
      get isOver() {
        return open.socket.isOver
      },
      cancel,
      run(steps, onRow) {
        const exchange = open.client.query(new Exchange(steps, onRow))
        return exchange.done
      },
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    // With the socket over its limit the server still has a statement to stop.
    if (open.socket.isOver) await cancel()
    await (cancelling ?? endClient(open))
  }
}

async function connectClient({ connection, signal, bytesMax }: SessionOptions): Promise<OpenClient> {
  const source = await connection.dial(signal)
  const socket = new DriverSocket(source, wireBytesMax(bytesMax))
  const client = new pg.Client(clientConfig(connection, socket))
  const open: OpenClient = { client, socket, serverVersion: 0 }
  // What breaks later rejects whatever waits; without a listener it would end the process.
  client.on('error', () => {})
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    if (message.parameterName === 'server_version') open.serverVersion = versionNumber(message.parameterValue)
  })
  const onAbort = (): void => void socket.destroy(new Error('Nobody waits any more'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) onAbort()
    await client.connect()
    return open
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw connectFailed(error, connection)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** All that pg would else take from the environment or from a file of this machine is said here. */
function clientConfig(connection: QueryConnection, socket: DriverSocket): pg.ClientConfig {
  const { login, host } = connection
  const user = login.username ?? 'postgres'
  return {
    stream: () => socket,
    host: host === '' ? 'localhost' : host.replace(/^\/+/, ''),
    port: 5432,
    user,
    password: () => login.password,
    database: login.database ?? user,
    ssl: tlsOptionsOf(connection) ?? false,
    sslnegotiation: 'postgres',
    application_name: 'private-connect',
    // Where a certificate is not verified, SCRAM still finds out that somebody sits in between.
    enableChannelBinding: true,
  }
}

function versionNumber(text: string): number {
  const [major = '0', minor = '0'] = text.split(/[^0-9]+/)
  return Number(major) * 10_000 + Number(minor)
}

function backendKeyOf(client: pg.Client): BackendKey {
  const { processID, secretKey } = client as pg.Client & {
    processID: number | null
    secretKey: number | null
  }
  return { processId: processID ?? 0, secret: secretKey ?? 0 }
}

async function endClient({ client, socket }: OpenClient): Promise<void> {
  if (socket.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, closeTimeoutMs)
  client.end().then(resolve, resolve)
  await promise
  clearTimeout(timer)
  socket.destroy()
}
