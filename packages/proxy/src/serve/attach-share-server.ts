import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorCode } from '@private-connect/errors'
import type { ShareServer } from './create-share-server.ts'
import { answerClientError, findHeadFault, headersMax, rawAnswer } from './http/answer-client-error.ts'

/** Where requests go that are no share's. */
export interface OtherHandlers {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** For `http.createServer` of a server that carries share traffic. */
export const shareServerOptions = {
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
  joinDuplicateHeaders: false,
  requireHostHeader: true,
  headersTimeout: 10_000,
  // An upload may take as long as it moves; what ends a silent one is the share server's own watch.
  requestTimeout: 0,
  connectionsCheckingInterval: 2_000,
  // Longer than nginx's 60 s, so that a proxy in front never writes to a connection that is just being closed.
  keepAliveTimeout: 65_000,
  noDelay: true,
} as const satisfies ServerOptions

/**
 * Puts a share server in front of another handler on one node:http server: splits every kind of event that carries a
 * request, before any routing.
 */
export function attachShareServer(
  server: Server,
  shares: Pick<ShareServer, 'claims' | 'handleRequest' | 'handleUpgrade'>,
  { others }: { others: OtherHandlers },
): void {
  // One more than may pass, so that too many are seen; node:http drops what is above its own limit.
  server.maxHeadersCount = headersMax + 1

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const fault = findHeadFault(request)
    if (fault !== null) return endWith(request.socket, fault)
    try {
      if (shares.claims(request)) shares.handleRequest(request, response)
      else others.request(request, response)
    } catch (error) {
      // A mistake of ours: this visitor is not left waiting, and whoever watches the process hears of it (DOS-17).
      endWith(request.socket, 'internal')
      throw error
    }
  }
  server.on('request', onRequest)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // A share asks for the body when it has a place for it; elsewhere the body is wanted at once.
    if (!shares.claims(request)) response.writeContinue()
    onRequest(request, response)
  })
  server.on('checkExpectation', (request) => endWith(request.socket, 'request.expectation_failed'))
  server.on('upgrade', (request, socket, head) => {
    const fault = findHeadFault(request)
    if (fault !== null) return endWith(socket, fault)
    if (shares.claims(request)) shares.handleUpgrade(request, socket, head)
    else others.upgrade(request, socket, head)
  })
  server.on('connect', (_request, socket) => endWith(socket, 'route.method_not_allowed'))
  server.on('clientError', answerClientError)
}

function endWith(socket: Duplex, code: ErrorCode): void {
  // A reset while the answer is on its way concerns nobody.
  socket.on('error', () => socket.destroy())
  socket.end(rawAnswer(code), () => socket.destroy())
}
