import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Deps } from './deps.ts'
import type { InFlight } from './in-flight.ts'
import type { TrpcSocket } from './plugins/trpc-socket.ts'
import type { Store } from './store/store.ts'

interface Parts {
  readonly server: Server
  readonly app: FastifyInstance
  readonly trpcSocket: TrpcSocket
  readonly apiRequests: InFlight
  readonly deps: Deps
  readonly store: Store
  readonly drainTimeoutMs: number
}

/**
 * Ends a hub in the order that loses nothing: stop accepting, let requests finish, tell agents to move, cut what is
 * left, write what was recorded, and only then close the database.
 */
export async function stopHub({
  server,
  app,
  trpcSocket,
  apiRequests,
  deps,
  store,
  drainTimeoutMs,
}: Parts): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // First: what a subscription ends with over HTTP sends its client back, a socket has to close for that.
  trpcSocket.close()
  await deps.live.drain()
  deps.registry.drain()
  const openCount = () => deps.shareServer.openCount + apiRequests.count
  await waitForRequests(server, openCount, drainTimeoutMs)
  deps.shareServer.close()
  deps.storeClock.close()
  deps.credentialWatch.close()
  deps.registry.close()
  server.closeAllConnections()
  await app.close()
  await closed
  await deps.webhooks.stop()
  await deps.mailAlerts.stop()
  await deps.signIn.close()
  await deps.live.close()
  await deps.accessLog.close()
  await deps.retention.stop()
  await deps.bus.close()
  await store.close()
}

/** Until no request is open any more, or the time is up: a WebSocket or an event stream has no end of its own. */
async function waitForRequests(server: Server, openCount: () => number, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs
  do {
    // A kept-alive connection is idle again after each answer; nobody may begin another request on it.
    server.closeIdleConnections()
    await wait(20)
  } while (openCount() > 0 && performance.now() < endMs)
}
