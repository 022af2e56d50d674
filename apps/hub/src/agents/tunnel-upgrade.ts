import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { authenticateAgent } from '@private-connect/api'
import { setAgentSeen, type Db } from '@private-connect/db'
import { AppError, toAppError } from '@private-connect/errors'
import { newRequestId, readClient, type TrustsProxy } from '@private-connect/proxy/serve'
import { acceptTunnel, refuseUpgrade, type TunnelRegistry } from '@private-connect/proxy/tunnel'
import type { BadTokens } from './bad-tokens.ts'
import type { Logger } from '../logging.ts'
import { hubVersion } from '../version.ts'

export interface TunnelUpgradeOptions {
  readonly db: Db
  readonly registry: TunnelRegistry
  readonly badTokens: BadTokens
  readonly trustsProxy: TrustsProxy
  readonly log: Logger
  readonly limits: { readonly streamsMax: number }
  readonly isDraining: () => boolean
  /** By the database's time, which the nodes share. */
  readonly nowMs: () => number
}

/** Lets an agent's connection become its tunnel, once its token is proven. */
export function createTunnelUpgrade(options: TunnelUpgradeOptions) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Until somebody owns the socket, a reset would be an uncaught error.
    const ignore = () => {}
    socket.on('error', ignore)
    // Now: a socket that has closed meanwhile no longer knows.
    const { address } = readClient(request, options.trustsProxy)
    connectAgent(options, { request, socket, head, address })
      .catch((error: unknown) => {
        options.log.debug({ err: error }, 'an agent was refused')
        if (!socket.destroyed) refuseUpgrade(socket, toAppError(error), newRequestId())
      })
      .finally(() => socket.off('error', ignore))
  }
}

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly address: string
}

async function connectAgent(options: TunnelUpgradeOptions, upgrade: Upgrade): Promise<void> {
  if (options.isDraining()) throw new AppError('hub.draining', undefined, { retryAfterSeconds: 1 })
  const token = readBearer(upgrade.request)
  const agent = await options.badTokens.prove({
    address: upgrade.address,
    token,
    lookUp: async () => authenticateAgent(options.db, token),
  })
  if (upgrade.socket.destroyed) return
  const log = options.log.child({ agentId: agent.id })
  const session = acceptTunnel({
    ...upgrade,
    agentId: agent.id,
    version: hubVersion,
    limits: options.limits,
    log,
  })
  if (!options.registry.add(session)) return
  const note = async (connectedAt?: Date) =>
    setAgentSeen(options.db, {
      agentId: agent.id,
      seenAt: new Date(options.nowMs()),
      ...(connectedAt === undefined ? {} : { connectedAt }),
      ...(session.hello === null ? {} : { version: session.hello.version }),
    }).catch((err: unknown) => log.warn({ err }, 'could not note that the agent was seen'))
  log.info({ transport: session.transport }, 'agent connected')
  await note(new Date(options.nowMs()))
  const reason = await session.closed
  log.info({ reason }, 'agent disconnected')
  await note()
}

function readBearer(request: IncomingMessage): string {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new AppError('auth.required', 'Send the agent token as Bearer.')
  return token
}
