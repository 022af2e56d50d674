import { randomUUID } from 'node:crypto'
import { MongoClient, type Db, type MongoClientOptions } from 'mongodb'
import { openStream } from '../open-stream.ts'
import type { QueryConnection } from '../query-engine.ts'
import { connectFailed } from '../query-errors.ts'
import { MessageGuard } from './message-guard.ts'
import { openBridge, type SocketBridge } from './socket-bridge.ts'

export interface MongoSession {
  readonly client: MongoClient
  /** The login's database. */
  readonly db: Db
  /** What the server shows as the name of this session's program; no other session has it. */
  readonly appName: string
  /** The server sent more than it may. */
  isOver(): boolean
  close(): Promise<void>
}

export interface MongoSessionOptions {
  readonly connection: QueryConnection
  readonly bytesMax: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const defaultDatabase = 'test'
const authenticationFailed = 18

/** A client of one query, signed in. It speaks to this server only: what a replica set says of others is not followed. */
export async function openMongoSession(options: MongoSessionOptions): Promise<MongoSession> {
  const { database } = options.connection.login
  try {
    return await openAs('admin', options)
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== authenticationFailed || database === null || database === 'admin')
      throw refused(error, options)
    // A login may also live in the database that it is for.
    return openAs(database, options).catch((again: unknown) => {
      throw refused(again, options)
    })
  }
}

function refused(error: unknown, { connection, signal }: MongoSessionOptions): unknown {
  return signal.aborted ? signal.reason : connectFailed(error, connection)
}

async function openAs(authSource: string, options: MongoSessionOptions): Promise<MongoSession> {
  const { connection, bytesMax, signal } = options
  const guards: MessageGuard[] = []
  const bridge = await openBridge({
    dial: () => openStream(connection, signal),
    guard: () => guards[guards.push(new MessageGuard(bytesMax)) - 1] as MessageGuard,
  })
  const appName = `private-connect ${randomUUID()}`
  const client = createClient(bridge, { ...clientOptions(authSource, options), appName })
  const close = async (): Promise<void> => {
    await Promise.allSettled([bridge.close(), client.close(true)])
  }
  const onAbort = (): void => void bridge.close()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    await client.connect()
    const db = client.db(connection.login.database ?? defaultDatabase)
    return { client, db, appName, isOver: () => guards.some(({ isOver }) => isOver), close }
  } catch (error) {
    await close()
    throw bridge.failure ?? error
  } finally {
    // From here on an abort is for whoever uses the session: it has something to cancel first.
    signal.removeEventListener('abort', onAbort)
  }
}

function createClient({ path }: SocketBridge, options: MongoClientOptions): MongoClient {
  const client = new MongoClient(`mongodb://${encodeURIComponent(path)}/`, options)
  // What goes wrong rejects the operation that waits for it.
  client.on('error', () => undefined)
  return client
}

function clientOptions(
  authSource: string,
  { connection, timeoutMs }: MongoSessionOptions,
): MongoClientOptions {
  const { username, password } = connection.login
  return {
    ...(username === null ? {} : { auth: { username, password }, authSource }),
    directConnection: true,
    maxPoolSize: 2,
    serverMonitoringMode: 'poll',
    heartbeatFrequencyMS: 600_000,
    compressors: 'none',
    retryReads: false,
    retryWrites: false,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: 2 * timeoutMs,
    promoteLongs: false,
    promoteBuffers: false,
    bsonRegExp: true,
  }
}
