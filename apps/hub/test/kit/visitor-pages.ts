import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { AppError, type ErrorCode } from '@private-connect/errors'
import {
  attachShareServer,
  createDirectDial,
  createMemoryRateLimiter,
  createShareServer,
  shareServerOptions,
  type ShareGrant,
} from '@private-connect/proxy/serve'

export const token = 'share_tok_abcdefghijklmnopqrstuvwxyz'

export interface PageRig {
  /** Where the share's pages are, with the slash: on its own host, or below the hub's. */
  readonly subdomainUrl: string
  readonly pathUrl: string
  /** What every dial fails with; null: the app answers. */
  failure: AppError | null
  grant: ShareGrant
  /** When requests came in, and with which method. */
  readonly asked: Array<{ atMs: number; method: string }>
  close(): Promise<void>
}

/** A share server alone, whose dial fails as a test says: every page for visitors without the trouble it tells of. */
export async function startPageRig(hasShareDomain: boolean): Promise<PageRig> {
  const app = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>The app itself</h1>')
  }).listen(0, '127.0.0.1')
  const server = createServer(shareServerOptions).listen(0, '127.0.0.1')
  await Promise.all([once(app, 'listening'), once(server, 'listening')])
  const { port } = server.address() as AddressInfo
  const direct = createDirectDial({ allowPrivateTargets: ['127.0.0.0/8'] })
  const nowMs = () => Date.now()
  const rig: PageRig = {
    subdomainUrl: `http://${token.replaceAll('_', '-')}.localhost:${port}/`,
    pathUrl: `http://localhost:${port}/shared/${token}/`,
    failure: null,
    grant: grantOf((app.address() as AddressInfo).port),
    asked: [],
    async close() {
      shares.close()
      for (const one of [server, app]) {
        one.closeAllConnections()
        await new Promise((resolve) => one.close(resolve))
      }
    },
  }
  const shares = createShareServer(
    {
      findShare: (text) => (text === token ? rig.grant : null),
      dial: async (service, options) => {
        if (rig.failure !== null) throw rig.failure
        return direct(service, options)
      },
      record: () => {},
      limiter: createMemoryRateLimiter({ nowMs }),
      nowMs,
      log: { debug() {}, warn() {}, error() {} },
    },
    { shareDomain: hasShareDomain ? `localhost:${port}` : null, scheme: 'http', unknownTokensPerMin: 1000 },
  )
  server.on('request', ({ method = '' }) => rig.asked.push({ atMs: performance.now(), method }))
  attachShareServer(server, shares, {
    others: {
      request: (_request, response) => response.writeHead(404).end(),
      upgrade: (_request, socket) => socket.destroy(),
    },
  })
  return rig
}

function grantOf(targetPort: number): ShareGrant {
  return {
    id: 'share_1',
    workspaceId: 'ws_1',
    workspaceName: 'acme',
    name: 'demo',
    showsBranding: false,
    isRevoked: false,
    expiresAtMs: null,
    allowedPaths: null,
    allowedMethods: null,
    rateLimitPerMin: null,
    service: {
      id: 'svc_1',
      agentId: null,
      name: 'app',
      targetHost: '127.0.0.1',
      targetPort,
      protocol: 'http',
    },
  }
}

export const failWith = (code: ErrorCode, retryAfterSeconds?: number): AppError =>
  new AppError(code, undefined, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })
