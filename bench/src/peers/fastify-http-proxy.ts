import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../free-port.ts'
import type { Peer } from './peer.ts'

/** What one would write in ten lines instead of using our hub. */
export const fastifyHttpProxy: Peer = {
  name: 'fastify-http-proxy',
  group: 'direct',
  note: 'the plugin with its defaults in a bare Fastify: no share, no policy, no log',
  start: async ({ processes, upstreamPort }) => {
    const port = await findFreePort()
    const server = await processes.start({
      name: 'fastify-http-proxy',
      command: process.execPath,
      args: [
        fileURLToPath(new URL('fastify-http-proxy-server.ts', import.meta.url)),
        String(port),
        `http://127.0.0.1:${upstreamPort}`,
      ],
      ready: { port },
    })
    return {
      baseUrl: `http://127.0.0.1:${port}`,
      headers: [],
      front: [server],
      all: [server],
      version: `@fastify/http-proxy ${installedVersion()}`,
    }
  },
}

function installedVersion(): string {
  const manifest = new URL(import.meta.resolve('@fastify/http-proxy/package.json'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
