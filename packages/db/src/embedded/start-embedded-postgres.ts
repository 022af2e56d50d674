import { setTimeout as sleep } from 'node:timers/promises'
import { openClusterFolder } from './cluster-folder.ts'
import { explainFileError, HubLockedError } from './embedded-error.ts'
import { initCluster } from './init-cluster.ts'
import { installRuntime, removeOtherRuntimes, type PostgresRuntime } from './postgres-runtime.ts'
import { runCluster, type Cluster, type RunningCluster, type RunOptions } from './running-cluster.ts'
import { removeShortFolder, stopServer } from './server-control.ts'
import { findServerUser } from './system-user.ts'

export interface EmbeddedLog {
  info(message: string): void
  warn(message: string): void
}

export interface EmbeddedPostgresOptions {
  /** The hub's data folder, absolute; the database is in its subfolder `postgres`. */
  readonly dataDir: string
  readonly log: EmbeddedLog
  /** Told when another hub has the lock after this one lost it: this one must end. */
  readonly onLost?: (error: Error) => void
  /** How long one start may take, crash recovery included. Default 10 minutes. */
  readonly startTimeoutMs?: number
  /** Another PostgreSQL's programs instead of the packaged ones. */
  readonly runtime?: PostgresRuntime
  /** PostgreSQL settings over ours. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  /** For createDb. It stays the same when the server is started again. */
  readonly url: string
  /** True: the server was still running, left by a hub that was killed. */
  readonly wasAdopted: boolean
  /** Gives up the lock and stops the server; idempotent. */
  readonly stop: () => Promise<void>
}

const retryMsMax = 15_000

/**
 * Starts the hub's own PostgreSQL, or adopts the one that a killed hub left, and takes the hub lock on it. The
 * server is a process of its own and survives the hub's `kill -9`; should it die itself, it is started again under
 * the same url, as often as it takes. Throws EmbeddedPostgresError with a sentence for the terminal.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    const cluster = await openCluster(options)
    const first = await runCluster(cluster)
    const how = first.wasAdopted ? 'was still running and is adopted' : 'is running'
    options.log.info(`The embedded PostgreSQL ${how} (${cluster.folder.root}).`)
    if (!first.wasAdopted && options.runtime === undefined) {
      await removeOtherRuntimes(cluster.folder.root, cluster.runtime)
    }
    return supervise(cluster, first, options)
  } catch (error) {
    throw explainFileError(error, options.dataDir)
  }
}

async function openCluster(options: EmbeddedPostgresOptions): Promise<Cluster> {
  const { settings = {}, startTimeoutMs = 600_000 } = options
  const folder = await openClusterFolder(options.dataDir, findServerUser())
  const runtime = options.runtime ?? (await installRuntime(folder.root))
  await initCluster(folder, runtime)
  return { folder, runtime, settings, startTimeoutMs }
}

function supervise(
  cluster: Cluster,
  first: RunningCluster,
  { log, onLost }: EmbeddedPostgresOptions,
): EmbeddedPostgres {
  const stopping = new AbortController()
  let running: Promise<RunningCluster> = Promise.resolve(first)
  const watch = async (current: RunningCluster): Promise<void> => {
    await current.lock.lost
    if (stopping.signal.aborted) return
    log.warn('The embedded PostgreSQL went away; starting it again.')
    running = runAgain(cluster, { listen: current.listen, signal: stopping.signal, log })
    await watch(await running)
  }
  watch(first).catch((error: unknown) => {
    if (!stopping.signal.aborted) onLost?.(error instanceof Error ? error : new Error(String(error)))
  })
  const stop = async (): Promise<void> => {
    stopping.abort()
    const current = await running.catch(() => null)
    // Without the lock the server is another hub's.
    if (current === null) return
    await current.lock.release()
    await stopServer(cluster.folder, cluster.runtime)
    await removeShortFolder(cluster.folder, current.listen)
    log.info('The embedded PostgreSQL has stopped.')
  }
  let stopped: Promise<void> | undefined
  return { url: first.url, wasAdopted: first.wasAdopted, stop: () => (stopped ??= stop()) }
}

/** Until it runs: what keeps it from starting, such as a full disk, may pass. Only another hub's lock does not. */
async function runAgain(
  cluster: Cluster,
  options: Required<RunOptions> & { readonly log: EmbeddedLog },
): Promise<RunningCluster> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, retryMsMax)) {
    try {
      return await runCluster(cluster, options)
    } catch (error) {
      if (error instanceof HubLockedError || options.signal.aborted) throw error
      options.log.warn(error instanceof Error ? error.message : String(error))
    }
    await sleep(waitMs, undefined, { signal: options.signal })
  }
}
