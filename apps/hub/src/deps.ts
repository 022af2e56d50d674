import { setTimeout as wait } from 'node:timers/promises'
import {
  createCredentialCache,
  hashToken,
  type ApiPorts,
  type CredentialCache,
  type MachinePorts,
  type Mail,
} from '@private-connect/api'
import { deleteOldAccessLogs, insertAccessLogs, listAgentTokenPrefixes } from '@private-connect/db'
import {
  createAccessLog,
  createDirectDial,
  type AccessRecord,
  type Dial,
  type ShareGrant,
  type ShareServer,
} from '@private-connect/proxy/serve'
import { createTunnelRegistry, dialTunnel, type TunnelRegistry } from '@private-connect/proxy/tunnel'
import { startRetention } from './retention.ts'
import { createBadTokens } from './bad-tokens.ts'
import type { EventBus } from './bus/event-bus.ts'
import { createLocalBus } from './bus/local-bus.ts'
import { createRedisBus } from './bus/redis-bus.ts'
import type { Env, HubUrls } from './env.ts'
import { createLiveTokens } from './live-tokens.ts'
import { createLiveEvents, type LiveEvents } from './events/live-events.ts'
import type { Logger } from './logging.ts'
import { createMachinePorts } from './machines.ts'
import { startMailAlerts } from './mail-alerts.ts'
import { createMetrics } from './plugins/metrics.ts'
import type { OwnerQueries } from './queries/owner-queries.ts'
import type { createShareCache } from './share-cache.ts'
import { createShareTraffic } from './share-traffic.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createStoreClock, type StoreClock } from './store-clock.ts'
import type { Store } from './store.ts'
import { startWebhooks, type Webhooks } from './webhooks/start-webhooks.ts'

/** SPEC §13: live streams are cut within this time of a revoke. */
const cutPromiseMs = 100

export interface DepsOptions {
  readonly env: Env
  readonly log: Logger
  readonly store: Store
  readonly urls: HubUrls
  readonly port: number
}

export type Deps = ReturnType<typeof createDeps>

/** Wires the data plane to the database, and the API to both. What is passed in here is all that the parts know of each other. */
export function createDeps(options: DepsOptions) {
  const { env, log, store, port } = options
  const nowMs = () => Date.now()
  const trustsProxy = (address: string) => env.TRUSTED_PROXIES.some((range) => range.contains(address))
  const registry = createTunnelRegistry()
  const bus = env.REDIS_URL === undefined ? createLocalBus(log) : createRedisBus(env.REDIS_URL, log)
  const eventsAppended = (workspaceId: string) => bus.publish('events.appended', workspaceId)
  const live = createLiveEvents({ env, store, bus, registry, log, nowMs })
  const { accessLog, metrics, record } = createRecords(options, registry, live)
  const { direct, dial } = createDials({ env, port, registry })
  const storeClock = createStoreClock({ readMs: async () => readTimeMs(store) })
  const { shares, shareServer, ownerQueries } = createShareTraffic({
    ...options,
    dial,
    record,
    answered: (visit) => live.visits.answered(visit),
    trustsProxy,
    storeClock,
    eventsAppended,
  })
  const signIn = createSignIn({ env, log, nowMs })
  const machines = createMachinePorts({ store, dial, direct, nowMs })
  const told = { sendMail: (mail: Mail) => signIn.ports.sendMail(mail), nowMs: storeClock.nowMs }
  const webhooks = startWebhooks({ ...options, ...told, direct, bus })
  const mailAlerts = startMailAlerts({ ...told, db: store.db, hubUrl: options.urls.hubUrl, log })
  const credentials = createCredentialCache(store.db)
  const retention = startLogRetention(options, nowMs)
  const badTokens = guardAgentTokens({ env, store, nowMs })
  const dataPlane = {
    bus,
    live,
    credentials,
    shares,
    shareServer,
    ownerQueries,
    registry,
    signIn,
    machines,
    webhooks,
    storeClock,
  }
  const ports = createApiPorts(options.urls, dataPlane)
  return { ...dataPlane, accessLog, metrics, ports, badTokens, retention, mailAlerts, trustsProxy }
}

function startLogRetention({ env, store, log }: DepsOptions, nowMs: () => number) {
  return startRetention({
    what: 'entries of the access log',
    deleteOld: async (old) => deleteOldAccessLogs(store.db, old),
    log,
    days: env.ACCESS_LOG_RETENTION_DAYS,
    nowMs,
  })
}

/** What is kept of each request. */
function createRecords(
  { store, log }: Pick<DepsOptions, 'store' | 'log'>,
  registry: TunnelRegistry,
  { visits, subscriptions }: LiveEvents,
) {
  const accessLog = createAccessLog({ write: async (records) => insertAccessLogs(store.db, records), log })
  const metrics = createMetrics({
    agentsOnline: () => registry.onlineCount,
    accessRecordsDropped: () => accessLog.droppedCount,
    accessRecordsSuppressed: () => accessLog.suppressedCount,
    subscriptions: () => subscriptions.count,
    visitsUntold: () => visits.untoldCount,
  })
  const record = (entry: AccessRecord) => {
    accessLog.record(entry)
    visits.ended(entry)
    metrics.countShareRequest(entry.statusCode)
  }
  return { accessLog, metrics, record }
}

/** Both ways to a service, and what the direct one may dial. */
function createDials({
  env,
  port,
  registry,
}: Pick<DepsOptions, 'env' | 'port'> & { registry: TunnelRegistry }) {
  const direct = {
    allowPrivateTargets: env.allowPrivateTargets.map(({ text }) => text),
    ownPorts: [port, ...databasePorts(env.DATABASE_URL)],
  }
  const dials = { tunnel: dialTunnel(registry), direct: createDirectDial(direct) }
  const dial: Dial = async (service, options) =>
    (service.agentId === null ? dials.direct : dials.tunnel)(service, options)
  return { direct, dial }
}

function guardAgentTokens({
  env,
  store,
  nowMs,
}: Pick<DepsOptions, 'env' | 'store'> & { nowMs: () => number }) {
  const list = async (limit: number) => listAgentTokenPrefixes(store.db, limit)
  const isLive = createLiveTokens({ list, nowMs })
  const isLikely = async (token: string) => isLive(hashToken(token))
  return createBadTokens({ nowMs, perMin: env.BAD_KEYS_PER_MIN, isLikely })
}

interface DataPlane {
  readonly bus: EventBus
  readonly live: LiveEvents
  readonly credentials: CredentialCache
  readonly shares: ReturnType<typeof createShareCache<ShareGrant>>
  readonly shareServer: ShareServer
  readonly ownerQueries: OwnerQueries
  readonly registry: TunnelRegistry
  readonly signIn: SignIn
  readonly machines: MachinePorts
  readonly webhooks: Webhooks
  readonly storeClock: StoreClock
}

async function readTimeMs({ db }: Store): Promise<number> {
  const text = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"'
  const { rows } = await db.pool.query<{ nowMs: number }>(text)
  if (rows[0] === undefined) throw new Error('the database has no time')
  return rows[0].nowMs
}

/** The change is answered when all that it cut is closed, or has taken as long as promised. */
async function whenCut(shareServer: ShareServer): Promise<void> {
  await Promise.race([shareServer.whenCut(), wait(cutPromiseMs, undefined, { ref: false })])
}

/** No external service may lead to the hub's own database, wherever on this machine it listens. */
function databasePorts(url: string | undefined): number[] {
  return url === undefined ? [] : [Number(new URL(url).port || 5432)]
}

/** What the API tells the data plane once a change is committed. */
function createApiPorts(urls: HubUrls, dataPlane: DataPlane): ApiPorts {
  const { bus, live, credentials, shares, shareServer, ownerQueries, registry } = dataPlane
  const { signIn, machines, webhooks, storeClock } = dataPlane
  return {
    hubUrl: urls.hubUrl,
    linkUrl: urls.linkUrl,
    shareDomain: urls.shareDomain,
    // In this order: once nothing finds the old grant any more, what still runs on it is cut.
    shareChanged: (shareId) => {
      shares.forgetShare(shareId)
      shareServer.cutShare(shareId)
      ownerQueries.cutShare(shareId)
      return whenCut(shareServer)
    },
    shareRefreshed: (shareId) => shares.forgetShare(shareId),
    workspaceChanged: (workspaceId) => shares.forget((grant) => grant.workspaceId === workspaceId),
    serviceChanged: (serviceId) => {
      shares.forget(({ service }) => service.id === serviceId)
      shareServer.cutService(serviceId)
      ownerQueries.cutService(serviceId)
      return whenCut(shareServer)
    },
    agentChanged: (agentId) => {
      shares.forget(({ service }) => service.agentId === agentId)
      registry.revoke(agentId)
    },
    credentialsChanged: (workspaceId) => {
      credentials.forget(workspaceId)
      live.subscriptions.check()
    },
    eventsAppended: (workspaceId) => bus.publish('events.appended', workspaceId),
    isAgentOnline: (agentId) => registry.isOnline(agentId),
    signIn: signIn.ports,
    machines,
    webhooks: webhooks.ports,
    live: live.ports,
    askAsOwner: ownerQueries.ask,
    nowMs: storeClock.nowMs,
  }
}
