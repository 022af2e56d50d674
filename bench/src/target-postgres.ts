import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from './free-port.ts'
import type { Processes } from './processes.ts'

const bin = '/usr/lib/postgresql/15/bin'
const password = 'admin-password'

/** Debian's PostgreSQL on a port of its own, as somebody would share it; ends with the processes. */
export async function startTargetPostgres(
  processes: Processes,
  folder: string,
): Promise<{ port: number; url: string }> {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  mkdirSync(folder)
  writeFileSync(passwordFile, password)
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const path of [folder, passwordFile]) chownSync(path, idOf('-u'), idOf('-g'))
  // PostgreSQL refuses to run as root.
  const prefix = isRoot ? ['runuser', '-u', 'postgres', '--'] : []
  const initdb = [
    ...prefix,
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'admin',
    '-A',
    'scram-sha-256',
    '--no-sync',
  ]
  execFileSync('env', [...initdb, `--pwfile=${passwordFile}`], { cwd: folder, stdio: 'ignore' })
  const port = await findFreePort()
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = [...prefix, join(bin, 'postgres'), '-D', data, ...flags]
  const ready = { output: /ready to accept connections/ }
  await processes.start({ name: 'target', command: 'env', args, cwd: folder, ready })
  return { port, url: `postgresql://admin:${password}@127.0.0.1:${port}/postgres` }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres']))
}
