import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { vi } from 'vitest'
import { freePort } from './free-port.ts'

export interface MariaDb {
  readonly port: number
  /** Runs statements as root, several at once, over the local socket; the rows of the last one that has any. */
  readonly admin: (sql: string) => Promise<RowDataPacket[]>
  stop(): Promise<void>
}

const program = '/usr/sbin/mariadbd'

/** Debian's MariaDB with a data folder of its own, on a free port of 127.0.0.1. */
export async function startMariaDb(extra: readonly string[] = []): Promise<MariaDb> {
  if (!existsSync(program))
    throw new Error(`${program} is missing: tools/install-test-servers.sh installs it`)
  const folder = await mkdtemp(join(tmpdir(), 'pc-mariadb-'))
  const socketPath = join(folder, 'server.sock')
  const port = await freePort()
  const common = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--user=${userInfo().username}`]
  await promisify(execFile)('mariadb-install-db', [
    ...common,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  const server = spawn(
    program,
    [
      ...common,
      `--socket=${socketPath}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--pid-file=${join(folder, 'pid')}`,
      '--innodb-buffer-pool-size=32M',
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-name-resolve',
      ...extra,
    ],
    { stdio: 'ignore' },
  )
  const connection = await connectAdmin(socketPath, server)
  return {
    port,
    async admin(sql) {
      const [rows] = await connection.query(sql)
      const results = (Array.isArray(rows) ? rows : []) as RowDataPacket[]
      return (results.findLast((result) => Array.isArray(result)) ?? results) as RowDataPacket[]
    },
    async stop() {
      connection.destroy()
      await killed(server)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function connectAdmin(socketPath: string, server: ChildProcess): Promise<Connection> {
  return vi.waitFor(
    () => {
      if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`)
      return createConnection({ socketPath, user: 'root', multipleStatements: true })
    },
    { timeout: 50_000, interval: 100 },
  )
}

async function killed(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
}
