import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Deps } from './deps.ts'
import type { Store } from './store.ts'

interface Parts {
  readonly server: Server
  readonly app: FastifyInstance
  readonly deps: Deps
  readonly store: Store
  readonly drainTimeoutMs: number
}

/**
 * Ends a hub in the order that loses nothing: stop accepting, let requests finish, tell agents to move, cut what is
 * left, write what was recorded, and only then close the database.
 */
export async function stopHub({ server, app, deps, store, drainTimeoutMs }: Parts): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A kept-alive connection is idle again after each answer; nobody may begin another request on it.
  const closingIdle = setInterval(() => server.closeIdleConnections(), 50)
  deps.registry.drain()
  // A WebSocket has no end of its own, so there is a limit to the waiting.
  await Promise.race([closed, wait(drainTimeoutMs, undefined, { ref: false })])
  clearInterval(closingIdle)
  deps.shareServer.close()
  deps.registry.close()
  server.closeAllConnections()
  await app.close()
  await closed
  await deps.accessLog.close()
  await store.close()
}
