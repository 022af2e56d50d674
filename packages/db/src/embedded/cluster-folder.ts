import { randomBytes } from 'node:crypto'
import { chmod, chown, link, mkdir, mkdtemp, open, readFile, stat, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { EmbeddedPostgresError, hasErrnoCode } from './embedded-error.ts'
import { exists } from './postgres-runtime.ts'
import { canEnter, type SystemUser } from './system-user.ts'

/** Where everything of the embedded PostgreSQL lies. Only the hub and the server's user can enter `root`. */
export interface ClusterFolder {
  readonly root: string
  /** PostgreSQL's own data directory. */
  readonly data: string
  readonly logFile: string
  readonly password: string
  /** Null: PostgreSQL runs as the user that the hub runs as. */
  readonly user: SystemUser | null
}

/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, the final NUL included. */
const socketPathBytesMax = 103
const socketName = '.s.PGSQL.5432'

/** Makes or checks `<dataDir>/postgres`. Throws EmbeddedPostgresError when others could read it or it is out of reach. */
export async function openClusterFolder(dataDir: string, user: SystemUser | null): Promise<ClusterFolder> {
  const root = join(dataDir, 'postgres')
  // Folders above it stay as open as any other: only the data folder itself is private.
  await mkdir(dirname(resolve(dataDir)), { recursive: true })
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  if (user !== null) await letServerPass(dataDir, user)
  await makePrivateFolder(root, user)
  const data = join(root, 'data')
  if (await exists(data)) await checkPrivate(data)
  const password = await readOrCreatePassword(root, user)
  return { root, data, logFile: join(root, 'server.log'), password, user }
}

/**
 * A folder for the server's socket: inside the cluster's folder, or, where that path is longer than a socket's
 * may be, a private one with a short name. A server that already runs says by itself where its socket is.
 */
export async function makeSocketFolder(folder: ClusterFolder): Promise<string> {
  const preferred = join(folder.root, 'run')
  if (Buffer.byteLength(join(preferred, socketName)) <= socketPathBytesMax) {
    await makePrivateFolder(preferred, folder.user)
    return preferred
  }
  const parent = Buffer.byteLength(tmpdir()) <= 60 ? tmpdir() : '/tmp'
  // mkdtemp: a name that can be foretold could be made first by someone else.
  const short = await mkdtemp(join(parent, 'private-connect-'))
  await giveToServer(short, folder.user)
  return short
}

async function makePrivateFolder(path: string, user: SystemUser | null): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
    await chmod(path, 0o700)
    await giveToServer(path, user)
  } catch (error) {
    if (!hasErrnoCode(error, 'EEXIST')) throw error
    await checkPrivate(path)
  }
}

export async function giveToServer(path: string, user: SystemUser | null): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid)
}

/** As root, the data folder stays closed to all but the server's group, which may pass through and not look. */
async function letServerPass(dataDir: string, user: SystemUser): Promise<void> {
  if (canEnter(user, dataDir)) return
  const { mode, uid } = await stat(dataDir)
  if (uid === 0 && (mode & 0o077) === 0) {
    await chown(dataDir, 0, user.gid)
    await chmod(dataDir, 0o710)
  }
  if (canEnter(user, dataDir)) return
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root; its user "postgres" cannot enter the data folder ${dataDir}. ` +
      'Choose one outside private folders, such as /var/lib/private-connect, start the hub as an ordinary ' +
      'user, or set DATABASE_URL.',
  )
}

async function checkPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const mode = (await stat(path)).mode & 0o777
  if ((mode & 0o077) === 0) return
  throw new EmbeddedPostgresError(
    `Other users of this machine can reach ${path} (mode ${mode.toString(8)}), which holds the hub's database. ` +
      `Close it with: chmod -R go= '${path}'`,
  )
}

async function readOrCreatePassword(root: string, user: SystemUser | null): Promise<string> {
  const path = join(root, 'password')
  if (!(await exists(path))) await createPassword(path, user)
  await checkPrivate(path)
  const password = (await readFile(path, 'utf8')).trim()
  if (password !== '') return password
  throw new EmbeddedPostgresError(`The file ${path} is empty. Restore it: it is the database's password.`)
}

/** Whole or not there, also when the power goes or two hubs start at once: written aside, synced, then linked. */
async function createPassword(path: string, user: SystemUser | null): Promise<void> {
  const unfinished = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = await open(unfinished, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(24).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await giveToServer(unfinished, user)
  await link(unfinished, path).catch((error: unknown) => {
    if (!hasErrnoCode(error, 'EEXIST')) throw error
  })
  await unlink(unfinished)
}
