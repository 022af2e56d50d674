import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { vi } from 'vitest'
import { freePort } from './free-port.ts'

export type MongoKind = 'url' | 'mongod' | 'ferretdb'

export interface MongoServer {
  /** On this machine. */
  readonly port: number
  readonly login: { readonly username: string | null; readonly password: string }
  readonly admin: MongoClient
  stop(): Promise<void>
}

const cache = join(tmpdir(), 'private-connect-ferretdb-1.24')
const binary = join(cache, 'server')

const givenUrl = process.env['MONGODB_TEST_URL']

/** The one that MONGODB_TEST_URL names, else `mongod`, else FerretDB built by the Go that is there; null: none, and the suites are skipped. */
export function findMongoServer(): MongoKind | null {
  if (givenUrl !== undefined) return 'url'
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

export async function startMongo(kind: MongoKind): Promise<MongoServer> {
  return kind === 'url' ? useGiven(givenUrl ?? '') : startOwn(kind)
}

async function useGiven(text: string): Promise<MongoServer> {
  const { port, username, password } = new URL(text)
  const admin = new MongoClient(text)
  await admin.db('shop').dropDatabase()
  return {
    port: Number(port === '' ? 27_017 : port),
    login: {
      username: username === '' ? null : decodeURIComponent(username),
      password: decodeURIComponent(password),
    },
    admin,
    stop: async () => admin.close(true),
  }
}

/** A server without sign-in, on a port of its own. */
async function startOwn(kind: 'mongod' | 'ferretdb'): Promise<MongoServer> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'pc-mongo-'))
  const command =
    kind === 'mongod'
      ? (['mongod', '--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', dir] as const)
      : ([binary, `127.0.0.1:${port}`, dir] as const)
  const [program, ...args] = command
  const server = spawn(program, args, { stdio: 'ignore', cwd: dir })
  const exited = new Promise((resolve) => server.once('exit', resolve))
  const admin = await vi.waitFor(async () => connect(port), { timeout: 60_000, interval: 100 })
  return {
    port,
    login: { username: null, password: '' },
    admin,
    async stop() {
      await admin.close(true)
      server.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A client of its own for each try: one that found no server stays closed. */
async function connect(port: number): Promise<MongoClient> {
  const client = new MongoClient(
    `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=2000`,
  )
  try {
    await client.db('admin').command({ ping: 1 })
    return client
  } catch (error) {
    await client.close(true)
    throw error
  }
}
