import { setTimeout as wait } from 'node:timers/promises'
import { createApp, type AppOptions } from './app.ts'
import { createDeps, type Deps } from './deps.ts'
import { resolveUrls, type Env, type HubUrls } from './env.ts'
import { readSubscriptionLimits } from './events/subscription-places.ts'
import { createInFlight } from './in-flight.ts'
import { passDevSockets } from './plugins/dashboard-dev-server.ts'
import type { Logger } from './logging.ts'
import { findNodeWarning } from './node-warnings.ts'
import { createContext, type ApiRequestOptions } from './plugins/api-request.ts'
import { TrpcSocket } from './plugins/trpc-socket.ts'
import { attachHandlers, listen } from './server.ts'
import { openStore, type Store } from './store/store.ts'
import { createTunnelUpgrade } from './agents/tunnel-upgrade.ts'
import { stopHub } from './stop-hub.ts'

export interface Hub {
  readonly urls: HubUrls
  readonly store: Store
  readonly deps: Deps
  /** Ends it in order: not ready any more, nothing new comes in, what runs may finish, what was recorded is written. */
  stop(options?: StopOptions): Promise<void>
}

export interface StopOptions {
  /** How long it goes on while `/readyz` says no, so that load balancers send visitors elsewhere. */
  readonly readyDelayMs?: number
  readonly drainTimeoutMs?: number
}

/** A listening hub: store → port → wiring → handlers. */
export async function startHub(env: Env, log: Logger): Promise<Hub> {
  const store = await openStore(env, log)
  try {
    const { server, port } = await listen(env)
    log.info({ host: env.HOST, port }, 'listening')
    const urls = resolveUrls(env, port)
    const deps = createDeps({ env, log, store, urls, port })
    const apiRequests = createInFlight()
    const state = { isDraining: false }
    const isDraining = () => state.isDraining
    const parts = { env, log, store, urls, deps, isDraining }
    const { app, trpcSocket } = await createHubApp(parts)
    const { registry, badTokens, trustsProxy } = deps
    const limits = { streamsMax: env.TUNNEL_STREAMS_MAX }
    const { nowMs } = deps.storeClock
    const tunnel = { registry, badTokens, trustsProxy, limits, isDraining, nowMs }
    const handleTunnel = createTunnelUpgrade({ ...tunnel, db: store.db, log })
    attachHandlers(server, {
      shareServer: deps.shareServer,
      handleApi: (request, response) => {
        apiRequests.track(response)
        app.routing(request, response)
      },
      handleTunnel,
      handleTrpcSocket: (request, socket, head) => trpcSocket.handleUpgrade(app, request, { socket, head }),
      handleDevSocket: env.DASHBOARD_DEV_URL && passDevSockets(app),
      isDraining,
    })
    const stop: Hub['stop'] = async ({
      readyDelayMs = env.READY_DELAY_SECONDS * 1000,
      drainTimeoutMs = env.DRAIN_TIMEOUT_SECONDS * 1000,
    } = {}) => {
      state.isDraining = true
      if (readyDelayMs > 0) await wait(readyDelayMs)
      await stopHub({ server, app, trpcSocket, apiRequests, deps, store, drainTimeoutMs })
    }
    return { urls, store, deps, stop }
  } catch (error) {
    await store.close()
    throw error
  }
}

interface AppParts {
  readonly env: Env
  readonly log: Logger
  readonly store: Store
  readonly urls: HubUrls
  readonly deps: Deps
  readonly isDraining: () => boolean
}

/** What answers the hub's own pages and API. */
async function createHubApp({ env, log, store, urls, deps, isDraining }: AppParts) {
  const { credentials, ports, trustsProxy } = deps
  const api = { credentials, ports, trustsProxy, hubUrl: urls.hubUrl }
  const trpcSocket = createTrpcSocket({ env, api, urls, log })
  const app = await createApp({
    log,
    api,
    trpcSocket,
    limits: limitsOf(env),
    health: {
      checkStore: async () => store.check(),
      isDraining,
      warnings: () => findWarnings(deps),
      notices: env.allowPrivateTargets.length === 0 ? [] : ['private_targets_allowed'],
    },
    metrics: deps.metrics,
    heartbeat: deps.live.heartbeat,
    metricsToken: env.METRICS_TOKEN,
    dashboardDevUrl: env.DASHBOARD_DEV_URL?.origin,
  })
  return { app, trpcSocket }
}

interface TrpcSocketParts {
  readonly env: Env
  readonly api: ApiRequestOptions
  readonly urls: HubUrls
  readonly log: Logger
}

function createTrpcSocket({ env, api, urls, log }: TrpcSocketParts): TrpcSocket {
  return new TrpcSocket({
    ownOrigins: [urls.hubUrl, urls.linkUrl],
    limits: readSubscriptionLimits(env),
    authenticate: async (request) => createContext(request, api).authenticate(),
    log,
  })
}

function limitsOf(env: Env): AppOptions['limits'] {
  return {
    apiRequestsPerMin: env.API_REQUESTS_PER_MIN,
    anonymousRequestsPerMin: env.ANONYMOUS_REQUESTS_PER_MIN,
    badKeysPerMin: env.BAD_KEYS_PER_MIN,
    bodyTimeoutMs: env.API_BODY_TIMEOUT_SECONDS * 1000,
  }
}

const skewMsMax = 2000

function findWarnings({ signIn, storeClock }: Deps): string[] {
  const warning = findNodeWarning(process.version)
  const skewMs = Math.abs(storeClock.nowMs() - Date.now())
  return [
    ...(warning === undefined ? [] : [warning.flag]),
    // Shares end by the database's time; certificates, logs and sessions of this machine do not.
    ...(skewMs > skewMsMax ? ['clock_skew'] : []),
    ...signIn.warnings(),
  ]
}
