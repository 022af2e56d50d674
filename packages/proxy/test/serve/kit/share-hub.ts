import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import {
  attachShareServer,
  createDirectDial,
  createMemoryRateLimiter,
  createShareServer,
  shareServerOptions,
  type AccessRecord,
  type ServeOptions,
  type ServePorts,
  type ShareGrant,
  type ShareServer,
} from '../../../src/serve/index.ts'
import { listenOn } from './raw-upstream.ts'

export const token = 'share_tok_abcdefghijklmnopqrstuvwxyz'
export const label = 'share-tok-abcdefghijklmnopqrstuvwxyz'
export const domain = 'shares.test'
export const shareHost = `${label}.${domain}`

export interface ShareHub {
  readonly port: number
  readonly shares: ShareServer
  readonly server: Server
  readonly records: AccessRecord[]
  readonly logged: object[]
  /** The visitors' sockets, the hub's ends of them. */
  readonly sockets: () => Socket[]
  /** The grant that every well-formed token finds; null for none. */
  grant: ShareGrant | null
  nowMs: number
  close(): Promise<void>
}

export interface ShareHubStart {
  readonly upstreamPort: number
  readonly grant?: Partial<ShareGrant>
  readonly options?: Partial<ServeOptions>
  readonly ports?: Partial<ServePorts>
}

export function grantFor(upstreamPort: number, changes: Partial<ShareGrant> = {}): ShareGrant {
  return {
    id: 'share_1',
    workspaceId: 'ws_1',
    workspaceName: 'acme',
    name: 'demo',
    isRevoked: false,
    expiresAtMs: null,
    allowedPaths: null,
    allowedMethods: null,
    rateLimitPerMin: null,
    showsBranding: true,
    service: {
      id: 'svc_1',
      agentId: null,
      name: 'app',
      targetHost: '127.0.0.1',
      targetPort: upstreamPort,
      protocol: 'http',
    },
    ...changes,
  }
}

/** A node:http server with a share server in front, as the hub has it; everything else answers `hub`. */
export async function startShareHub(start: ShareHubStart): Promise<ShareHub> {
  const server = createServer(shareServerOptions)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const hub: Omit<ShareHub, 'port' | 'shares' | 'close'> = {
    server,
    records: [],
    logged: [],
    sockets: () => [...sockets],
    grant: grantFor(start.upstreamPort, start.grant),
    nowMs: Date.now(),
  }
  const note = (fields: object): void => void hub.logged.push(fields)
  const shares = createShareServer(
    {
      findShare: (asked) => (asked === token ? hub.grant : null),
      dial: createDirectDial({ allowPrivateTargets: ['127.0.0.0/8'] }),
      record: (entry) => hub.records.push(entry),
      limiter: createMemoryRateLimiter({ nowMs: () => hub.nowMs }),
      nowMs: () => hub.nowMs,
      log: { debug: note, warn: note, error: note },
      ...start.ports,
    },
    { shareDomain: domain, scheme: 'http', ...start.options },
  )
  attachShareServer(server, shares, {
    others: {
      request: (_request, response) => response.end('hub'),
      upgrade: (_request, socket) => socket.destroy(),
    },
  })
  const port = await listenOn(server)
  return Object.assign(hub, {
    port,
    shares,
    async close() {
      shares.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
