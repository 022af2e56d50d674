import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { DriverSocket, wireBytesMax } from '../driver-socket.ts'
import type { QueryConnection } from '../query-engine.ts'
import { connectFailed } from '../query-errors.ts'
import { tlsOptionsOf } from '../tls-options.ts'
import { cancelOnServer, type BackendKey } from './cancel-on-server.ts'
import { createMessageWatch } from './message-watch.ts'
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
  isOver: boolean
}

/** How long a polite end of a connection may take. */
const closeTimeoutMs = 1_000
const cancelTimeoutMs = 2_000

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
  let running: Promise<unknown> = Promise.resolve()
  let cancelling: Promise<void> | null = null
  const cancel = (): Promise<void> => {
    cancelling ??= stopRunning({ connection, open, running }).finally(() => open.socket.destroy())
    return cancelling
  }
  const onAbort = (): void => void cancel()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await work({
      serverVersion: open.serverVersion,
      get isOver() {
        return isOver(open)
      },
      cancel,
      async run(steps, onRow) {
        // Nothing is sent behind a cancel, which would find it not yet running.
        if (cancelling !== null) throw new Error('The query was cancelled')
        const { done } = open.client.query(new Exchange(steps, onRow))
        running = done
        return done
      },
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    // With the connection cut over its limit the server still has a statement to stop.
    if (isOver(open)) await cancel()
    await (cancelling ?? endClient(open))
  }
}

function isOver(open: OpenClient): boolean {
  return open.isOver || open.socket.isOver
}

interface Stopping {
  readonly connection: QueryConnection
  readonly open: OpenClient
  readonly running: Promise<unknown>
}

/**
 * Cancels until the server has said that nothing runs any more: a request that overtakes the statement which it means
 * finds nothing to cancel.
 */
async function stopRunning({ connection, open, running }: Stopping): Promise<void> {
  let isStopped = false
  const stopped = running.then(
    () => (isStopped = true),
    () => (isStopped = true),
  )
  const deadlineMs = performance.now() + cancelTimeoutMs
  for (let waitMs = 50; performance.now() < deadlineMs; waitMs *= 2) {
    await cancelOnServer(connection, backendKeyOf(open.client))
    await Promise.race([stopped, setTimeout(waitMs)])
    if (isStopped) return
  }
}

async function connectClient({ connection, signal, bytesMax }: SessionOptions): Promise<OpenClient> {
  const source = await connection.dial(signal)
  const socket = new DriverSocket(source, wireBytesMax(bytesMax))
  const client = new pg.Client(clientConfig(connection, socket))
  const open: OpenClient = { client, socket, serverVersion: 0, isOver: false }
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
    watchMessages(open, wireBytesMax(bytesMax))
    return open
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw connectFailed(error, connection)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** From here on the server speaks only when asked, so that what comes next begins with a message. */
function watchMessages(open: OpenClient, bytesMax: number): void {
  const { stream } = open.client.connection
  const watch = createMessageWatch(bytesMax)
  stream.on('data', (chunk: Buffer) => {
    if (open.isOver || watch.take(chunk) === 'ok') return
    open.isOver = true
    stream.destroy(new Error('The database sends a longer message than a result may have'))
  })
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

/** Says goodbye and waits until that is sent, not until the server has hung up. */
async function endClient({ client, socket }: OpenClient): Promise<void> {
  if (socket.destroyed) return
  const sent = Promise.withResolvers<void>()
  client.connection.stream.once('finish', () => sent.resolve())
  const waiting = new AbortController()
  client.end().catch(() => {})
  await Promise.race([sent.promise, setTimeout(closeTimeoutMs, null, waiting).catch(() => null)])
  waiting.abort()
  socket.destroy()
}
