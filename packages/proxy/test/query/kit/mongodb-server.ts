import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { vi } from 'vitest'
import { freePort } from './free-port.ts'

export interface MongoServer {
  readonly port: number
  readonly admin: MongoClient
  stop(): Promise<void>
}

const cache = join(tmpdir(), 'private-connect-ferretdb-1.24')
const binary = join(cache, 'server')

/** `mongod` on the path, else FerretDB built by the Go that is there; null: neither, and the suites are skipped. */
export function findMongoServer(): 'mongod' | 'ferretdb' | null {
  if (spawnSync('mongod', ['--version']).status === 0) return 'mongod'
  if (existsSync(binary)) return 'ferretdb'
  if (spawnSync('go', ['version']).status !== 0) return null
  return buildFerret() ? 'ferretdb' : null
}

function buildFerret(): boolean {
  mkdirSync(cache, { recursive: true })
  cpSync(new URL('ferretdb', import.meta.url), cache, { recursive: true })
  try {
    const env = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' }
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: cache, env, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A server without sign-in, on a port of its own. */
export async function startMongo(kind: 'mongod' | 'ferretdb'): Promise<MongoServer> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'pc-mongo-'))
  const command =
    kind === 'mongod'
      ? (['mongod', '--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', dir] as const)
      : ([binary, `127.0.0.1:${port}`, dir] as const)
  const [program, ...args] = command
  const server = spawn(program, args, { stdio: 'ignore', cwd: dir })
  const exited = new Promise((resolve) => server.once('exit', resolve))
  const admin = new MongoClient(
    `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=500`,
  )
  await vi.waitFor(() => admin.db('admin').command({ ping: 1 }), 30_000)
  return {
    port,
    admin,
    async stop() {
      await admin.close(true)
      server.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
