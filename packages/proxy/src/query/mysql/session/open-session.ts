import { createConnection, type Connection } from 'mysql2'
import type { Duplex } from 'node:stream'
import { DriverSocket, wireBytesMax } from '../../driver-socket.ts'
import type { QueryConnection } from '../../query-engine.ts'
import { connectFailed } from '../../query-errors.ts'
import type { ColumnDefinition } from '../values/column-type.ts'
import { createValueReader, type ValueReader } from '../values/value-reader.ts'

/** One disposable connection, signed in. */
export interface MysqlSession {
  readonly driver: Connection
  readonly socket: DriverSocket
  readonly reader: ValueReader
  readonly isMariaDb: boolean
  /** Rejects when the connection breaks; the driver does not tell the command that runs then. */
  readonly broken: Promise<never>
  /** Runs a statement of the hub's own. */
  ask(sql: string): Promise<(string | null)[][]>
  /** Says goodbye to the server and closes; what was not committed is rolled back. */
  close(): void
}

export interface OpenOptions {
  readonly connection: QueryConnection
  readonly bytesMax: number
  readonly signal: AbortSignal
}

/** The server has a second to hang up. */
const goodbyeMs = 1_000

/** Dials and signs in. Rejects with `query.unavailable`, or with the signal's reason. */
export async function openSession({ connection, bytesMax, signal }: OpenOptions): Promise<MysqlSession> {
  const source = await connection.dial(signal)
  const socket = new DriverSocket(source, wireBytesMax(bytesMax))
  const reader = createValueReader()
  const driver = connectDriver(connection, socket, reader)
  const broken = breakOf(driver)
  try {
    await Promise.race([untilSignedIn(driver, signal), broken])
  } catch (error) {
    driver.destroy()
    socket.destroy()
    signal.throwIfAborted()
    throw connectFailed(error, connection)
  }
  return {
    driver,
    socket,
    reader,
    broken,
    isMariaDb: isMariaDb(driver),
    ask: (sql) => Promise.race([ask(driver, reader, sql), broken]),
    close: () => close(driver, socket),
  }
}

/**
 * Every option is fixed here; a service's record has none. No LOCAL INFILE and no stream to answer one with, no several
 * statements or results, no clear-text password, nothing compiled from a result's names.
 */
function connectDriver(connection: QueryConnection, socket: Duplex, reader: ValueReader): Connection {
  const { host, login, tls } = connection
  const isVerified = tls === 'verify'
  // Where the host is an address, TLS checks the certificate against this instead of a server name.
  Object.assign(socket, { _host: host })
  return createConnection({
    stream: socket,
    host,
    user: login.username ?? '',
    password: login.password,
    ...(login.database === null ? {} : { database: login.database }),
    ...(tls === 'off' ? {} : { ssl: { rejectUnauthorized: isVerified, verifyIdentity: isVerified } }),
    authPlugins: {
      mysql_clear_password: refusePlugin,
      ...(isVerified ? {} : { sha256_password: refusePlugin }),
    },
    connectTimeout: 0,
    charset: 'UTF8MB4_GENERAL_CI',
    flags: unwantedFlags,
    multipleStatements: false,
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
    disableEval: true,
    trace: false,
    typeCast: reader.typeCast,
  })
}

const unwantedFlags = [
  '-LOCAL_FILES',
  '-MULTI_RESULTS',
  '-IGNORE_SPACE',
  '-ODBC',
  '-FOUND_ROWS',
  '-SESSION_TRACK',
  '-CONNECT_ATTRS',
]

function refusePlugin(): never {
  throw new Error('The server asked for the password in the clear')
}

function untilSignedIn(driver: Connection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    driver.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    if (signal.aborted) onAbort()
  })
}

function breakOf(driver: Connection): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  // Whoever waits for it hears of it; nobody needs to.
  promise.catch(() => {})
  driver.on('error', reject)
  return promise
}

function isMariaDb(driver: Connection): boolean {
  const { _handshakePacket: hello } = driver as unknown as { _handshakePacket?: { serverVersion?: string } }
  return /mariadb/i.test(hello?.serverVersion ?? '')
}

function ask(driver: Connection, reader: ValueReader, sql: string): Promise<(string | null)[][]> {
  return new Promise((resolve, reject) => {
    const rows: (string | null)[][] = []
    driver
      .query(sql)
      .on('fields', (columns: unknown) => reader.expect((columns ?? []) as ColumnDefinition[], 'text'))
      .on('result', (row: unknown) => Array.isArray(row) && rows.push(row.map(toText)))
      .on('error', reject)
      .on('end', () => resolve(rows))
  })
}

function close(driver: Connection, socket: DriverSocket): void {
  if (socket.destroyed) return
  driver.end()
  const timer = setTimeout(() => socket.destroy(), goodbyeMs)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : value === null ? null : JSON.stringify(value)
}
