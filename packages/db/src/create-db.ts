import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { toDbError } from './db-error.ts'
import { PrismaClient, type Prisma } from './generated/client.ts'

export interface DbOptions {
  /** `postgresql://user:password@host:port/name`; a Unix socket is `?host=/its/folder`. */
  readonly url: string
  /** How long a caller waits for a connection. Default 5,000. */
  readonly connectTimeoutMs?: number
  /** After this the server cancels a statement. Default 15,000. */
  readonly statementTimeoutMs?: number
  /** After this a statement gives up waiting for a row or table lock. Default 10,000. */
  readonly lockTimeoutMs?: number
  readonly applicationName?: string
  /** Told of connections that break while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void
}

/** What repository functions take: the database, or one transaction of it. */
export interface Queryable {
  readonly client: Prisma.TransactionClient
}

export interface Db extends Queryable {
  readonly client: PrismaClient
  readonly pool: pg.Pool
  readonly url: string
  readonly close: () => Promise<void>
}

const connectionsMax = 10

/** Opens a pool on a PostgreSQL ≥15, embedded or not; throws `hub.store_unavailable` when it cannot be reached. */
export async function createDb(options: DbOptions): Promise<Db> {
  const pool = new pg.Pool({
    ...toConnectionConfig(options),
    max: connectionsMax,
    idleTimeoutMillis: 60_000,
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  try {
    await pool.query('SELECT 1')
  } catch (error) {
    await pool.end()
    throw toDbError(error)
  }
  const client = createClient(pool, options)
  return {
    client,
    pool,
    url: options.url,
    async close() {
      await client.$disconnect()
      await pool.end()
    },
  }
}

/** The settings of one connection, for the pool and for the dedicated connections that hold a lock. */
export function toConnectionConfig(options: DbOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000
  const settings = [
    // @prisma/adapter-pg writes local times when the server's zone is not UTC.
    '-c TimeZone=UTC',
    `-c statement_timeout=${statementTimeoutMs}`,
    `-c lock_timeout=${options.lockTimeoutMs ?? 10_000}`,
    '-c idle_in_transaction_session_timeout=60000',
  ]
  return {
    connectionString: addSettings(options.url, settings),
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5000,
    // The server's own timeout comes first; this one is for a server that is gone without a word.
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 5000,
    keepAlive: true,
    application_name: options.applicationName ?? 'private-connect',
  }
}

/** Into the url, since a url's own `options` would replace any given beside it. Ours come last and win. */
function addSettings(url: string, settings: readonly string[]): string {
  const changed = new URL(url)
  const theirs = changed.searchParams.getAll('options')
  changed.searchParams.set('options', [...theirs, ...settings].join(' '))
  return changed.href
}

function createClient(pool: pg.Pool, options: DbOptions): PrismaClient {
  const waitMs = options.connectTimeoutMs ?? 5000
  const client = new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: 'minimal',
    transactionOptions: { maxWait: waitMs, timeout: 30_000 },
  })
  const converted = client.$extends({
    name: 'errors',
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args)
        } catch (error) {
          throw toDbError(error)
        }
      },
    },
  })
  // The extension only converts what is thrown; the methods and their types stay Prisma's.
  return converted as unknown as PrismaClient
}

/**
 * Runs `work` in one transaction, or in the caller's when it is given one. Locks are taken in this order:
 * the row concerned, then the revocation feed, then the workspace (events, audit), so transactions cannot deadlock.
 */
export async function inTransaction<T>(db: Queryable, work: (tx: Queryable) => Promise<T>): Promise<T> {
  if (!isDb(db)) return work(db)
  try {
    return await db.client.$transaction((client) => work({ client }))
  } catch (error) {
    throw toDbError(error)
  }
}

/** Whether it is the database itself, not a transaction of it. */
export function isDb(db: Queryable): db is Db {
  return 'pool' in db
}
