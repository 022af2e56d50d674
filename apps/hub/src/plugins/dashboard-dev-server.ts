import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'

/** Where the development server has the dashboard, and where a build has its files. */
const base = '/dashboard'

const handshakeTimeoutMs = 10_000

/**
 * The dashboard from its own development server, changes as they are typed. Vite writes scripts and styles into its page and
 * speaks over a WebSocket, which the hub's policy forbids: it is relaxed for these paths, while this is used.
 */
const policy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self' ws:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** In place of the built dashboard; everything else of the hub stays as it is. */
export async function addDashboardDevServer(app: FastifyInstance, upstream: string): Promise<void> {
  await app.register(async (dev) => {
    dev.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', policy)
    })
    const options = {
      upstream,
      httpMethods: ['GET', 'HEAD'],
      replyOptions: { rewriteRequestHeaders: dropCredentials },
    }
    // Else it would pass the cookie on.
    const wsClientOptions = { handshakeTimeout: handshakeTimeoutMs, rewriteRequestHeaders: () => ({}) }
    await dev.register(httpProxy, { ...options, prefix: '/', routes: ['/'], rewritePrefix: `${base}/` })
    await dev.register(httpProxy, {
      ...options,
      prefix: base,
      rewritePrefix: base,
      websocket: true,
      wsClientOptions,
    })
  })
}

/** Whether an upgrade is that server's. */
export function isDevServerPath(url: string): boolean {
  return url.startsWith(`${base}/`)
}

/** The hub has one server for everything, which Fastify does not see: its upgrades are handed on. */
export function passDevSockets(app: FastifyInstance) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    app.server.emit('upgrade', request, socket, head)
  }
}

/** Whoever is signed in at the hub is not so at another server. */
function dropCredentials<Headers extends object>(_request: unknown, headers: Headers): Headers {
  return { ...headers, cookie: undefined, authorization: undefined, 'x-api-key': undefined }
}
