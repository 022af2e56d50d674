import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ApiContext, Credential } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import { getWSConnectionHandler, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { WebSocketServer, type WebSocket } from 'ws'
import { socketEncoder, socketRouter, type SocketContext } from '../events/socket-messages.ts'
import type { SocketReader } from '../events/socket-stream.ts'
import { SubscriptionPlaces, type SubscriptionLimits } from '../events/subscription-places.ts'
import type { Logger } from '../logging.ts'

export interface TrpcSocketOptions {
  /** Origins of the hub's own pages. */
  readonly ownOrigins: readonly string[]
  /** Open sockets, as many as there may be subscriptions. */
  readonly limits: SubscriptionLimits
  /** Proves again what a request presented: a socket outlives what it was opened with. */
  readonly authenticate: (request: FastifyRequest) => ReturnType<ApiContext['authenticate']>
  readonly log: Pick<Logger, 'warn'>
}

interface UpgradeWire {
  readonly socket: Duplex
  readonly head: Buffer
}

const path = '/trpc'
const bufferedMax = 1_048_576
const restartCode = 1012
const closeGraceMs = 1_000

/** Subscriptions over WebSocket. */
export class TrpcSocket {
  readonly #options: TrpcSocketOptions
  readonly #upgrades = new WeakMap<IncomingMessage, UpgradeWire & { readonly response: ServerResponse }>()
  readonly #contexts = new WeakMap<IncomingMessage, SocketContext>()
  readonly #places: SubscriptionPlaces
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 65_536, perMessageDeflate: false })
  readonly #serve: (client: WebSocket, request: IncomingMessage) => void
  #isClosed = false

  constructor(options: TrpcSocketOptions) {
    this.#options = options
    this.#places = new SubscriptionPlaces(options.limits)
    this.#serve = getWSConnectionHandler({
      wss: this.#server,
      router: socketRouter,
      experimental_encoder: socketEncoder,
      maxBatchSize: 10,
      keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
      createContext: ({ req }) => {
        const context = this.#contexts.get(req)
        if (context === undefined) throw new AppError('auth.required')
        return context
      },
    } satisfies WSSHandlerOptions<typeof socketRouter>)
  }

  addRoute(app: FastifyInstance): void {
    app.get(path, { exposeHeadRoute: false }, async (request, reply) => {
      const upgrade = this.#upgrades.get(request.raw)
      if (upgrade === undefined) throw new AppError('route.not_found')
      const leavePlace = this.#places.take(await this.#admit(request))
      reply.hijack()
      const { response, socket, head } = upgrade
      response.detachSocket(socket as Socket)
      // It may have gone while its credential was looked up.
      if (socket.closed) leavePlace()
      socket.once('close', leavePlace)
      this.#server.handleUpgrade(request.raw, socket, head, (client) =>
        this.#open(request, { client, socket }),
      )
    })
  }

  /** An upgrade request becomes one of Fastify's, so that it meets the limits and refusals of all others. */
  handleUpgrade(app: FastifyInstance, request: IncomingMessage, { socket, head }: UpgradeWire): void {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => socket.end())
    socket.on('error', () => socket.destroy())
    this.#upgrades.set(request, { socket, head, response })
    app.routing(request, response)
  }

  /** Sends all clients elsewhere: they come back with what they have seen. */
  close(): void {
    this.#isClosed = true
    for (const client of this.#server.clients) {
      client.close(restartCode, 'The hub stops')
      setTimeout(() => client.terminate(), closeGraceMs).unref()
    }
  }

  async #admit(request: FastifyRequest): Promise<Credential> {
    if (this.#isClosed) throw new AppError('hub.draining', undefined, { retryAfterSeconds: 1 })
    const credential = await request.apiContext.authenticate()
    if (credential === null) throw new AppError('auth.required')
    refuseOtherOrigins(request, this.#options.ownOrigins)
    return credential
  }

  #open(request: FastifyRequest, reader: SocketReader): void {
    const { client } = reader
    this.#contexts.set(request.raw, {
      ...request.apiContext,
      reader,
      // Where it comes from was looked at when the socket was opened.
      refuseCrossSite: () => {},
      authenticate: async () => this.#options.authenticate(request),
    })
    client.on('error', (err) => this.#options.log.warn({ err }, 'a WebSocket of a subscriber failed'))
    // Each subscription that has to wait for its reader listens to the one socket.
    reader.socket.setMaxListeners(0)
    cutWhenSlow(client)
    this.#serve(client, request.raw)
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

/**
 * tRPC sends its answers whether anybody reads them or not: what waits would fill the memory. A client that is cut comes
 * back and reads on from where it was.
 */
function cutWhenSlow(client: WebSocket): void {
  const send = client.send.bind(client) as (...message: readonly unknown[]) => void
  client.send = (...message: readonly unknown[]) => {
    if (client.bufferedAmount > bufferedMax) client.terminate()
    else send(...message)
  }
}
