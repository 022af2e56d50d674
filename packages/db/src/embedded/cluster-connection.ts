import pg from 'pg'
import { toConnectionConfig } from '../create-db.ts'
import type { ClusterFolder } from './cluster-folder.ts'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { databaseUser } from './init-cluster.ts'
import type { Postmaster } from './postmaster.ts'

const databaseName = 'private_connect'

/** Where a client finds this server. */
function toUrl(folder: ClusterFolder, postmaster: Postmaster, database: string): string {
  const login = `${databaseUser}:${encodeURIComponent(folder.password)}`
  return postmaster.socketDir === null
    ? `postgresql://${login}@127.0.0.1:${postmaster.port}/${database}`
    : `postgresql://${login}@localhost:${postmaster.port}/${database}?host=${encodeURIComponent(postmaster.socketDir)}`
}

/** Whether the server takes connections now; throws where waiting would not help. */
export async function connectOnce(
  folder: ClusterFolder,
  postmaster: Postmaster,
): Promise<'ready' | 'not-yet'> {
  const client = new pg.Client(toConnectionConfig({ url: toUrl(folder, postmaster, 'postgres') }))
  client.on('error', () => {
    // Cut while connecting; connect() below rejects and is what counts.
  })
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== undefined && !isTransient(error.code)) {
      throw new EmbeddedPostgresError(explainRefusal(folder, error), { cause: error })
    }
    return 'not-yet'
  } finally {
    await client.end()
  }
}

/** Creates the hub's database in a new cluster; returns its url. */
export async function createDatabaseIfMissing(
  folder: ClusterFolder,
  postmaster: Postmaster,
): Promise<string> {
  const client = new pg.Client(toConnectionConfig({ url: toUrl(folder, postmaster, 'postgres') }))
  try {
    await client.connect()
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`).catch(ignoreDuplicate)
  } finally {
    await client.end()
  }
  return toUrl(folder, postmaster, databaseName)
}

/** Starting, stopping, recovering, or full of connections. */
function isTransient(sqlState: string): boolean {
  return sqlState.startsWith('57P') || sqlState === '53300'
}

function explainRefusal(folder: ClusterFolder, error: pg.DatabaseError): string {
  if (error.code === '28P01') {
    return `The password in ${folder.root} is not the one that the database was created with. Restore that file.`
  }
  return `The embedded PostgreSQL refuses connections: ${error.message}. Its log is ${folder.logFile}`
}

/** Another hub that starts at the same time was faster; the lock decides between the two. */
function ignoreDuplicate(error: unknown): void {
  if (!(error instanceof pg.DatabaseError) || !['42P04', '23505'].includes(error.code ?? '')) throw error
}
