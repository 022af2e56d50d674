import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { EmbeddedPostgresError } from './embedded-error.ts'

/** Who PostgreSQL runs as when the hub is root, which PostgreSQL refuses to be. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

const userName = 'postgres'

/** Null: the hub is not root, and PostgreSQL runs as the hub does. Creates the user where it is missing. */
export function findServerUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null
  const known = lookUpUser()
  if (known !== null) return known
  createUser()
  const created = lookUpUser()
  if (created !== null) return created
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root and the system user "${userName}" could not be created. ` +
      'Create it, start the hub as an ordinary user, or set DATABASE_URL.',
  )
}

/** Whether that user may enter a folder, which every folder above it has a say in. */
export function canEnter(user: SystemUser, folder: string): boolean {
  const result = spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  })
  return result.status === 0
}

function lookUpUser(): SystemUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${userName}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}

function createUser(): void {
  // shadow-utils (Debian, Fedora …), then busybox (Alpine).
  const attempts = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName],
    ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', userName],
  ] as const
  for (const [command, ...args] of attempts) {
    try {
      execFileSync(command, args, { stdio: 'ignore', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } })
      return
    } catch {
      // Not this family of systems, or two hubs raced; the caller looks whether the user is there now.
    }
  }
}
