import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterFolder } from './cluster-folder.ts'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { isAlive } from './is-alive.ts'
import { exists, renameUnlessThere, type PostgresRuntime } from './postgres-runtime.ts'
import { runTool } from './run-tool.ts'

export const databaseUser = 'private_connect'

/** Creates the cluster if there is none; throws EmbeddedPostgresError when it is of another major version. */
export async function initCluster(folder: ClusterFolder, runtime: PostgresRuntime): Promise<void> {
  if (!(await exists(folder.data))) await createCluster(folder, runtime)
  const version = await readVersion(folder.data)
  if (version === String(runtime.major)) return
  throw new EmbeddedPostgresError(
    version === null
      ? `${folder.data} is not a PostgreSQL data folder, or an incomplete copy of one. Restore it from a backup, or move it away to start empty.`
      : `The data in ${folder.data} was written by PostgreSQL ${version}, and this version of the hub brings ` +
          `PostgreSQL ${runtime.major}. Export it with the hub version that wrote it (pg_dump), move the folder away, and import it.`,
  )
}

/** Beside its place, then renamed: a half-made cluster is never taken for a whole one. */
async function createCluster(folder: ClusterFolder, runtime: PostgresRuntime): Promise<void> {
  const unfinished = `${folder.data}.${process.pid}.${randomBytes(4).toString('hex')}`
  await removeLeftovers(folder)
  const result = await runTool(folder, {
    command: join(runtime.binDir, 'initdb'),
    args: [
      `--pgdata=${unfinished}`,
      `--username=${databaseUser}`,
      `--pwfile=${join(folder.root, 'password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order and case rules on every machine, whatever locales it has.
      ...(runtime.major >= 17
        ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
        : ['--locale=C']),
      '--data-checksums',
      '--no-instructions',
    ],
  })
  if (result.exitCode !== 0) {
    await rm(unfinished, { recursive: true, force: true })
    throw new EmbeddedPostgresError(explainInitFailure(folder, result.output))
  }
  await renameUnlessThere(unfinished, folder.data)
}

/** What a killed initdb left; one whose hub still lives may be in the making. */
async function removeLeftovers(folder: ClusterFolder): Promise<void> {
  for (const name of await readdir(folder.root)) {
    const pid = Number(/^data\.(\d+)\./.exec(name)?.[1] ?? process.pid)
    if (pid !== process.pid && !isAlive(pid)) {
      await rm(join(folder.root, name), { recursive: true, force: true })
    }
  }
}

function explainInitFailure(folder: ClusterFolder, output: string): string {
  if (/no space left on device/i.test(output)) {
    return `The disk that holds ${folder.root} is full: a new database needs about 100 MB.`
  }
  return `The database could not be created in ${folder.root}. initdb says: ${output.trim().slice(-1000)}`
}

async function readVersion(data: string): Promise<string | null> {
  const path = join(data, 'PG_VERSION')
  return (await exists(path)) ? (await readFile(path, 'utf8')).trim() : null
}

/**
 * Our settings, all of them, written before each start; what an administrator changed with ALTER SYSTEM is in
 * another file and stands above them.
 */
export async function writeSettings(
  folder: ClusterFolder,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`,
  )
  await writeFile(join(folder.data, 'postgresql.conf'), lines.join(''), { mode: 0o600 })
}
