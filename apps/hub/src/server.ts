import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError, toErrorResponse } from '@private-connect/errors'
import {
  attachShareServer,
  newRequestId,
  shareServerOptions,
  type ShareServer,
} from '@private-connect/proxy/serve'
import { refuseUpgrade, tunnelPath } from '@private-connect/proxy/tunnel'
import { isDevServerPath } from './plugins/dashboard-dev-server.ts'

export interface Handlers {
  readonly shareServer: ShareServer
  /** The hub's own API and pages. */
  readonly handleApi: (request: IncomingMessage, response: ServerResponse) => void
  /** Upgrades to subscriptions. */
  readonly handleTrpcSocket: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Upgrades to the dashboard's development server; undefined where there is none. */
  readonly handleDevSocket?: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined
  readonly handleTunnel: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Whether kept connections are to end with their next answer. */
  readonly isDraining: () => boolean
}

/** Listens on the configured address. Rejects in words when it is taken. */
export async function listen({
  HOST,
  PORT,
}: {
  HOST: string
  PORT: number
}): Promise<{ server: Server; port: number }> {
  const server = createServer(shareServerOptions, answerStarting)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      reject(isTaken ? new Error(`${HOST}:${PORT} is in use. Stop what listens there or set PORT.`) : error)
    })
    server.listen({ host: HOST, port: PORT, backlog: 4096 }, resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/**
 * Splits what arrives on the hub's one server: visitors' traffic first, before anything else looks at it, because on a
 * share's host every path belongs to the shared app; then agents' tunnels; the rest is the hub's own.
 */
export function attachHandlers(server: Server, handlers: Handlers): void {
  const { shareServer, handleApi, handleTunnel, handleTrpcSocket, handleDevSocket, isDraining } = handlers
  server.off('request', answerStarting)
  server.on('request', (_request, response) => {
    if (isDraining()) response.shouldKeepAlive = false
  })
  attachShareServer(server, shareServer, {
    others: {
      request: handleApi,
      upgrade: (request, socket, head) => {
        if (request.url === tunnelPath) handleTunnel(request, socket, head)
        else if (/^\/trpc(?:\?|$)/.test(request.url ?? '')) handleTrpcSocket(request, socket, head)
        else if (handleDevSocket !== undefined && isDevServerPath(request.url ?? ''))
          handleDevSocket(request, socket, head)
        else refuseUpgrade(socket, new AppError('route.not_found'), newRequestId())
      },
    },
  })
}

/** Between listening and being wired, a few milliseconds: a request that went unanswered then would hang. */
function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  const error = new AppError('hub.draining', 'The hub is starting. Try again in a moment.', {
    retryAfterSeconds: 1,
  })
  const { status, headers, body } = toErrorResponse(error, newRequestId())
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body))
}
