import { open, readFile, rmdir, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { giveToServer, makeSocketFolder, type ClusterFolder } from './cluster-folder.ts'
import { EmbeddedPostgresError, hasErrnoCode } from './embedded-error.ts'
import { writeSettings } from './init-cluster.ts'
import type { PostgresRuntime } from './postgres-runtime.ts'
import type { ListenAddress } from './postmaster.ts'
import { runTool } from './run-tool.ts'

export interface ServerOptions {
  readonly folder: ClusterFolder
  readonly runtime: PostgresRuntime
  readonly listen: ListenAddress
  /** Added to our settings, or in their place. */
  readonly settings: Readonly<Record<string, string>>
  /** For crash recovery too, which replays what was written since the last checkpoint. */
  readonly startTimeoutMs: number
}

const logBytesMax = 10 * 1024 * 1024
const stopTimeoutSeconds = 30

/** Starts the server, detached from this process, and waits until it takes connections. */
export async function startServer(options: ServerOptions): Promise<'started' | 'another-is-running'> {
  const { folder, runtime } = options
  await writeSettings(folder, { ...baseSettings(options.listen), ...options.settings })
  const logOffset = await prepareLog(folder)
  const result = await runTool(folder, {
    command: join(runtime.binDir, 'pg_ctl'),
    args: [
      'start',
      `--pgdata=${folder.data}`,
      `--log=${folder.logFile}`,
      '--wait',
      `--timeout=${Math.ceil(options.startTimeoutMs / 1000)}`,
      '--silent',
    ],
  })
  if (result.exitCode === 0) return 'started'
  const log = (await readFile(folder.logFile)).subarray(logOffset).toString('utf8')
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(log)) return 'another-is-running'
  throw new EmbeddedPostgresError(explainStartFailure(folder, `${log}\n${result.output}`))
}

/** Ends all connections and stops with a checkpoint. What does not stop in 30 s is stopped without one. */
export async function stopServer(folder: ClusterFolder, runtime: PostgresRuntime): Promise<void> {
  const command = join(runtime.binDir, 'pg_ctl')
  const args = ['stop', `--pgdata=${folder.data}`, '--wait', `--timeout=${stopTimeoutSeconds}`, '--silent']
  const { exitCode } = await runTool(folder, { command, args: [...args, '--mode=fast'] })
  if (exitCode !== 0) await runTool(folder, { command, args: [...args, '--mode=immediate'] })
}

/** Chosen once for all starts of a hub, so that its url stays the same. */
export async function chooseListenAddress(folder: ClusterFolder): Promise<ListenAddress> {
  return process.platform === 'win32'
    ? { socketDir: null, port: await findFreePort() }
    : { socketDir: await makeSocketFolder(folder), port: 5432 }
}

/** A socket folder outside the cluster's was made for one hub. */
export async function removeShortFolder(folder: ClusterFolder, listen: ListenAddress): Promise<void> {
  const { socketDir } = listen
  if (socketDir === null || dirname(socketDir) === folder.root) return
  if (!basename(socketDir).startsWith('private-connect-')) return
  await rmdir(socketDir).catch((error: unknown) => {
    if (!hasErrnoCode(error, 'ENOENT', 'ENOTEMPTY')) throw error
  })
}

function baseSettings({ socketDir, port }: ListenAddress): Record<string, string> {
  const listen =
    socketDir === null
      ? { listen_addresses: '127.0.0.1' }
      : { listen_addresses: '', unix_socket_directories: socketDir, unix_socket_permissions: '0700' }
  return {
    ...listen,
    port: String(port),
    password_encryption: 'scram-sha-256',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // Statements and rows may hold what belongs in no log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: '0',
    // The hub's queries are short: compiling them costs more than it saves.
    jit: 'off',
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.')
  return address.port
}

/** The log's present end. It is cut when it has grown large: the server itself says little. */
async function prepareLog(folder: ClusterFolder): Promise<number> {
  const file = await open(folder.logFile, 'a', 0o600)
  await file.close()
  await giveToServer(folder.logFile, folder.user)
  const { size } = await stat(folder.logFile)
  if (size <= logBytesMax) return size
  await truncate(folder.logFile)
  return 0
}

function explainStartFailure(folder: ClusterFolder, output: string): string {
  if (/no space left on device/i.test(output)) {
    return `The disk that holds ${folder.root} is full, so the database cannot start. Nothing is lost: free some space and start the hub again.`
  }
  const reasons = output.split('\n').filter((line) => /FATAL|PANIC|could not|did not start/.test(line))
  const reason = (reasons.length > 0 ? reasons.join('\n') : output).trim().slice(-1000)
  return `The embedded PostgreSQL did not start. Its log is ${folder.logFile} and says: ${reason}`
}
