import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError, toErrorResponse } from '@private-connect/errors'
import { answerClientError, shareServerOptions, type ShareServer } from '@private-connect/proxy/serve'
import { refuseUpgrade, tunnelPath } from '@private-connect/proxy/tunnel'
import { newRequestId } from './plugins/request-ids.ts'

export interface Handlers {
  readonly shareServer: ShareServer
  /** The hub's own API and pages. */
  readonly handleApi: (request: IncomingMessage, response: ServerResponse) => void
  readonly handleTunnel: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/**
 * The hub's one HTTP server. It splits visitors' traffic off before anything else looks at it: the host decides first,
 * so that on a share's host every path belongs to the shared app.
 */
export function createHubServer(): { server: Server; setHandlers: (handlers: Handlers) => void } {
  const server = createServer(shareServerOptions)
  server.on('clientError', answerClientError)
  let handlers: Handlers | undefined

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (handlers === undefined) answerStarting(response)
    else if (handlers.shareServer.claims(request)) handlers.shareServer.handleRequest(request, response)
    else handlers.handleApi(request, response)
  }
  server.on('request', onRequest)
  // Who asks before sending a body gets its answer before the body: the share decides, the API never needs it.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (handlers?.shareServer.claims(request) !== true) response.writeContinue()
    onRequest(request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (handlers === undefined)
      refuseUpgrade(socket, new AppError('hub.draining', undefined, { retryAfterSeconds: 1 }), newRequestId())
    else if (handlers.shareServer.claims(request)) handlers.shareServer.handleUpgrade(request, socket, head)
    else if (request.url === tunnelPath) handlers.handleTunnel(request, socket, head)
    else refuseUpgrade(socket, new AppError('route.not_found'), newRequestId())
  })
  return { server, setHandlers: (next) => (handlers = next) }
}

/** Listens and answers the port; rejects in words when the address is taken. */
export async function listen(
  server: Server,
  { HOST, PORT }: { HOST: string; PORT: number },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      reject(isTaken ? new Error(`${HOST}:${PORT} is in use. Stop what listens there or set PORT.`) : error)
    })
    server.listen({ host: HOST, port: PORT, backlog: 4096 }, resolve)
  })
  return (server.address() as AddressInfo).port
}

function answerStarting(response: ServerResponse): void {
  const error = new AppError('hub.draining', 'The hub is starting. Try again in a moment.', {
    retryAfterSeconds: 1,
  })
  const { status, headers, body } = toErrorResponse(error, newRequestId())
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body))
}
