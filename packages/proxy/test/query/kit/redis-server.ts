import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'

export interface RedisServer {
  readonly port: number
  /** As the administrator. */
  readonly admin: Redis
  /** Everything in it, for seeing that nothing changed. */
  fingerprint(): Promise<string>
  stop(): Promise<void>
}

export const adminPassword = 'canary-admin'

/** Debian's Redis on a port of its own, with an administrator and a login `reader` that may only read. */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'pc-redis-'))
  const own = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'no',
  ]
  const server = spawn('/usr/bin/redis-server', [...own, '--requirepass', adminPassword, ...args], {
    stdio: 'ignore',
  })
  const exited = new Promise((resolve) => server.once('exit', resolve))
  const admin = new Redis({ port, host: '127.0.0.1', password: adminPassword, retryStrategy: () => 50 })
  admin.on('error', () => undefined)
  await admin.ping()
  await admin.call('ACL', 'SETUSER', 'reader', 'on', '>reader-password', '~*', '-@all', '+@read', '+command')
  await admin.call(
    'ACL',
    'SETUSER',
    'writer',
    'on',
    '>writer-password',
    '~*',
    '+@all',
    '-@admin',
    '-@dangerous',
  )
  return {
    port,
    admin,
    fingerprint: async () => String(await admin.call('DEBUG', 'DIGEST').catch(() => dumpAll(admin))),
    async stop() {
      admin.disconnect()
      server.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function dumpAll(admin: Redis): Promise<string> {
  const keys = (await admin.keys('*')).sort()
  const dumps = await Promise.all(
    keys.map(async (key) => `${key} ${await admin.pttl(key)} ${await dump(admin, key)}`),
  )
  return dumps.join('\n')
}

async function dump(admin: Redis, key: string): Promise<string> {
  return ((await admin.dumpBuffer(key)) ?? Buffer.alloc(0)).toString('hex')
}
