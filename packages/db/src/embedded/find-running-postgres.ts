import { openClusterFolder } from './cluster-folder.ts'
import { connectOnce, createDatabaseIfMissing } from './cluster-connection.ts'
import { findPostmaster } from './postmaster.ts'
import { findServerUser } from './system-user.ts'

/**
 * The url of the server that a running hub keeps in this data folder, for a command that works beside the hub; null
 * when none takes connections. Takes no lock and starts nothing.
 */
export async function findRunningPostgres(dataDir: string): Promise<string | null> {
  const folder = await openClusterFolder(dataDir, findServerUser())
  const postmaster = await findPostmaster(folder)
  if (postmaster === null || (await connectOnce(folder, postmaster)) !== 'ready') return null
  return createDatabaseIfMissing(folder, postmaster)
}
