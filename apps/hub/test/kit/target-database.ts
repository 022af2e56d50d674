import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createDb, type Db } from '@private-connect/db'
import { findFreePort } from './free-ports.ts'
import { makeTemporaryFolder } from './processes.ts'

const bin = '/usr/lib/postgresql/15/bin'
export const adminPassword = 'canary-admin-password'
export const auditorPassword = 'canary-auditor-password'

export interface TargetDatabase {
  readonly port: number
  /** The database `shop`, as its administrator. */
  readonly admin: Db
  stop(): Promise<void>
}

const tables = `
  CREATE TABLE users (id bigint PRIMARY KEY, email text, created_at date);
  INSERT INTO users SELECT n, 'user' || n || '@example.com', '2026-03-01' FROM generate_series(1, 25) n;
  CREATE TABLE notes (id serial PRIMARY KEY, text text);
  CREATE ROLE auditor LOGIN PASSWORD '${auditorPassword}';
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor;
  GRANT INSERT, UPDATE, DELETE ON notes TO auditor;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO auditor`

/** Debian's PostgreSQL 15 with a small shop in it, as somebody would share it: a login that reads, and writes notes. */
export async function startTargetDatabase(): Promise<TargetDatabase> {
  const folder = makeTemporaryFolder()
  const passwordFile = join(folder.path, 'password')
  const data = join(folder.path, 'data')
  writeFileSync(passwordFile, adminPassword)
  const user = postgresUser()
  if (user !== null) for (const path of [folder.path, passwordFile]) chownSync(path, user.uid, user.gid)
  chmodSync(folder.path, 0o755)
  const as = user ?? {}
  const init = ['-D', data, '-U', 'admin', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync']
  execFileSync(join(bin, 'initdb'), init, { ...as, cwd: folder.path, stdio: 'ignore' })
  const port = await findFreePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    fsync: 'off',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...args], {
    ...as,
    cwd: folder.path,
    stdio: 'ignore',
  })
  const exited = new Promise((resolve) => server.once('exit', resolve))
  const url = (database: string): string =>
    `postgresql://admin:${adminPassword}@127.0.0.1:${port}/${database}`
  const first = await connect(url('postgres'))
  await first.pool.query('CREATE DATABASE shop')
  await first.close()
  const admin = await createDb({ url: url('shop') })
  await admin.pool.query(tables)
  return {
    port,
    admin,
    async stop() {
      await admin.close()
      server.kill('SIGQUIT')
      await exited
      folder.remove()
    },
  }
}

const startTimeoutMs = 30_000

/** Once it takes connections. */
async function connect(url: string): Promise<Db> {
  const endMs = Date.now() + startTimeoutMs
  for (;;) {
    try {
      return await createDb({ url })
    } catch (error) {
      if (Date.now() > endMs) throw error
      await wait(50)
    }
  }
}

/** PostgreSQL refuses to run as root. */
function postgresUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']))
  return { uid: id('-u'), gid: id('-g') }
}
