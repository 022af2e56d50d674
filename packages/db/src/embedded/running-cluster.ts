import { setTimeout as sleep } from 'node:timers/promises'
import { connectOnce, createDatabaseIfMissing } from './cluster-connection.ts'
import type { ClusterFolder } from './cluster-folder.ts'
import { EmbeddedPostgresError, HubLockedError } from './embedded-error.ts'
import { acquireHubLock, type HubLock } from './hub-lock.ts'
import type { PostgresRuntime } from './postgres-runtime.ts'
import { findPostmaster, type ListenAddress, type Postmaster } from './postmaster.ts'
import { chooseListenAddress, startServer, stopServer } from './server-control.ts'

export interface Cluster {
  readonly folder: ClusterFolder
  readonly runtime: PostgresRuntime
  readonly settings: Readonly<Record<string, string>>
  readonly startTimeoutMs: number
}

/** A server that takes connections, and the hub lock on it. */
export interface RunningCluster {
  readonly url: string
  readonly listen: ListenAddress
  readonly lock: HubLock
  readonly wasAdopted: boolean
}

export interface RunOptions {
  /** Where it listened before, when this hub starts it again. */
  readonly listen?: ListenAddress
  readonly signal?: AbortSignal
}

interface Progress {
  hasStarted: boolean
}

const lockWaitMs = 3000

/**
 * Finds the cluster's server or starts it, waits until it has recovered, and takes the lock. Throws
 * HubLockedError or another EmbeddedPostgresError.
 */
export async function runCluster(cluster: Cluster, options: RunOptions = {}): Promise<RunningCluster> {
  const progress: Progress = { hasStarted: false }
  try {
    return await findOrStart(cluster, options, progress)
  } catch (error) {
    // A server that this hub started and cannot use. With the lock taken, it is another hub's by now.
    if (progress.hasStarted && !(error instanceof HubLockedError)) {
      await stopServer(cluster.folder, cluster.runtime)
    }
    throw error
  }
}

async function findOrStart(
  cluster: Cluster,
  options: RunOptions,
  progress: Progress,
): Promise<RunningCluster> {
  const deadlineMs = performance.now() + cluster.startTimeoutMs
  while (performance.now() < deadlineMs) {
    options.signal?.throwIfAborted()
    const postmaster = await findPostmaster(cluster.folder)
    if (postmaster === null) {
      const listen = options.listen ?? (await chooseListenAddress(cluster.folder))
      progress.hasStarted = (await startServer({ ...cluster, listen })) === 'started'
    } else if ((await connectOnce(cluster.folder, postmaster)) === 'ready') {
      return takeLock(cluster, postmaster, !progress.hasStarted)
    }
    // Starting, recovering or stopping: ask again.
    if (!progress.hasStarted) await sleep(50)
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL took no connections within ${Math.round(cluster.startTimeoutMs / 1000)} s. Its log is ${cluster.folder.logFile}`,
  )
}

async function takeLock(
  cluster: Cluster,
  postmaster: Postmaster,
  wasAdopted: boolean,
): Promise<RunningCluster> {
  const url = await createDatabaseIfMissing(cluster.folder, postmaster)
  // A killed hub's lock goes with its connection, which the server notices at once; a living hub's stays.
  const deadlineMs = performance.now() + lockWaitMs
  do {
    const lock = await acquireHubLock({ url })
    if (lock !== null) return { url, listen: postmaster, lock, wasAdopted }
    await sleep(100)
  } while (performance.now() < deadlineMs)
  throw new HubLockedError(
    `Another hub is running on the database in ${cluster.folder.root}. Stop it first, or give this one a DATA_DIR of its own.`,
  )
}
