import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { liveRouter, type ApiContext } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import { getWSConnectionHandler, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Logger } from '../logging.ts'

export interface TrpcSocketOptions {
  /** Origins of the hub's own pages. */
  readonly ownOrigins: readonly string[]
  /** Open sockets of one key or session. */
  readonly perCredentialMax: number
  /** Proves again what a request presented: a socket outlives what it was opened with. */
  readonly authenticate: (request: FastifyRequest) => ReturnType<ApiContext['authenticate']>
  readonly log: Pick<Logger, 'warn'>
}

export interface TrpcSocket {
  addRoute(app: FastifyInstance): void
  /** An upgrade request becomes one of Fastify's, so that it meets the limits and refusals of all others. */
  handleUpgrade(app: FastifyInstance, request: IncomingMessage, wire: UpgradeWire): void
  /** Sends all clients elsewhere: they come back with what they have seen. */
  close(): void
}

interface UpgradeWire {
  readonly socket: Duplex
  readonly head: Buffer
}

const trpcSocketPath = '/trpc'
const bufferedMax = 1_048_576
const restartCode = 1012
const closeGraceMs = 1_000

/** Subscriptions over WebSocket. */
export function createTrpcSocket(options: TrpcSocketOptions): TrpcSocket {
  const upgrades = new WeakMap<IncomingMessage, UpgradeWire & { readonly response: ServerResponse }>()
  const contexts = new WeakMap<IncomingMessage, ApiContext>()
  const counts = new Map<string, number>()
  const server = new WebSocketServer({ noServer: true, maxPayload: 65_536, perMessageDeflate: false })
  let isClosed = false
  const serve = getWSConnectionHandler({
    wss: server,
    router: liveRouter,
    maxBatchSize: 10,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    createContext: ({ req }) => {
      const context = contexts.get(req)
      if (context === undefined) throw new AppError('auth.required')
      return context
    },
  } satisfies WSSHandlerOptions<typeof liveRouter>)

  function open(request: FastifyRequest, client: WebSocket, credentialId: string): void {
    contexts.set(request.raw, {
      ...request.apiContext,
      // Where it comes from was looked at when the socket was opened.
      refuseCrossSite: () => {},
      authenticate: async () => options.authenticate(request),
    })
    counts.set(credentialId, (counts.get(credentialId) ?? 0) + 1)
    client.once('close', () => {
      const left = (counts.get(credentialId) ?? 1) - 1
      if (left === 0) counts.delete(credentialId)
      else counts.set(credentialId, left)
    })
    client.on('error', (err) => options.log.warn({ err }, 'a WebSocket of a subscriber failed'))
    cutWhenSlow(client)
    serve(client, request.raw)
  }

  return {
    addRoute(app) {
      app.get(trpcSocketPath, { exposeHeadRoute: false }, async (request, reply) => {
        const upgrade = upgrades.get(request.raw)
        if (upgrade === undefined) throw new AppError('route.not_found')
        if (isClosed) throw new AppError('hub.draining', undefined, { retryAfterSeconds: 1 })
        const credential = await request.apiContext.authenticate()
        if (credential === null) throw new AppError('auth.required')
        refuseOtherOrigins(request, options.ownOrigins)
        if ((counts.get(credential.id) ?? 0) >= options.perCredentialMax) {
          throw new AppError('subscription.limit', undefined, { retryAfterSeconds: 10 })
        }
        reply.hijack()
        const { response, socket, head } = upgrade
        response.detachSocket(socket as Socket)
        server.handleUpgrade(request.raw, socket, head, (client) => open(request, client, credential.id))
      })
    },
    handleUpgrade(app, request, { socket, head }) {
      const response = new ServerResponse(request)
      response.shouldKeepAlive = false
      response.assignSocket(socket as Socket)
      response.once('finish', () => socket.end())
      socket.on('error', () => socket.destroy())
      upgrades.set(request, { socket, head, response })
      app.routing(request, response)
    },
    close() {
      isClosed = true
      for (const client of server.clients) {
        client.close(restartCode, 'The hub stops')
        setTimeout(() => client.terminate(), closeGraceMs).unref()
      }
    },
  }
}

/**
 * Any page can make a browser open a WebSocket with the hub's cookie; browsers name the page's origin. Where there is
 * none it is no browser, which has to present more than a cookie (WS-07).
 * @throws AppError auth.cross_site
 */
function refuseOtherOrigins({ headers }: FastifyRequest, ownOrigins: readonly string[]): void {
  const { origin } = headers
  const isOurs =
    origin === undefined
      ? headers['x-api-key'] !== undefined || headers.authorization !== undefined
      : ownOrigins.includes(origin)
  if (!isOurs) throw new AppError('auth.cross_site')
}

/** tRPC sends without looking whether anybody reads; who does not comes back and reads on from where it was. */
function cutWhenSlow(client: WebSocket): void {
  const send = client.send.bind(client) as (data: string | Buffer) => void
  client.send = ((data: string | Buffer) => {
    if (client.bufferedAmount > bufferedMax) client.terminate()
    else send(data)
  }) as WebSocket['send']
}
