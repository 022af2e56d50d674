import { createCredentialCache, hashToken, type Mail } from '@private-connect/api'
import {
  deleteOldAccessLogs,
  insertAccessLogs,
  listAgentTokenPrefixes,
  listLiveCredentials,
} from '@private-connect/db'
import { createAccessLog, createDirectDial, type AccessRecord, type Dial } from '@private-connect/proxy/serve'
import { createTunnelRegistry, dialTunnel, type TunnelRegistry } from '@private-connect/proxy/tunnel'
import { createApiPorts } from './api-ports.ts'
import { createBadTokens } from './agents/bad-tokens.ts'
import { createLocalBus } from './bus/local-bus.ts'
import { createRedisBus } from './bus/redis-bus.ts'
import { CredentialWatch } from './credential-watch.ts'
import type { Env, HubUrls } from './env.ts'
import { createLiveTokens } from './shares/live-tokens.ts'
import { createLiveEvents, type LiveEvents } from './events/live-events.ts'
import type { Logger } from './logging.ts'
import { createMachinePorts } from './agents/machines.ts'
import { startMailAlerts } from './mail/mail-alerts.ts'
import { createMetrics } from './plugins/metrics.ts'
import { startRetention } from './store/retention.ts'
import { createShareTraffic } from './shares/share-traffic.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import { createStoreClock } from './store/store-clock.ts'
import type { Store } from './store/store.ts'
import { startWebhooks } from './webhooks/start-webhooks.ts'

export interface DepsOptions {
  readonly env: Env
  readonly log: Logger
  readonly store: Store
  readonly urls: HubUrls
  readonly port: number
}

/** For limits: they neither end early nor last longer when somebody sets a clock. */
const monotonicMs = (): number => performance.now()

export type Deps = ReturnType<typeof createDeps>

/** Wires the data plane to the database, and the API to both. What is passed in here is all that the parts know of each other. */
export function createDeps(options: DepsOptions) {
  const { env, log, store, port } = options
  const trustsProxy = (address: string) => env.TRUSTED_PROXIES.some((range) => range.contains(address))
  const registry = createTunnelRegistry()
  const bus = env.REDIS_URL === undefined ? createLocalBus(log) : createRedisBus(env.REDIS_URL, log)
  const eventsAppended = (workspaceId: string) => bus.publish('events.appended', workspaceId)
  const credentialWatch = new CredentialWatch({
    listLive: async (ids) => listLiveCredentials(store.db, ids),
    log,
  })
  const storeClock = createStoreClock({ readMs: async () => readTimeMs(store) })
  const { nowMs } = storeClock
  const live = createLiveEvents({ env, store, bus, credentialWatch, registry, log, nowMs })
  const { accessLog, metrics, record } = createRecords(options, registry, live)
  const { direct, dial } = createDials({ env, port, registry })
  const { shares, shareServer, ownerQueries } = createShareTraffic({
    ...options,
    dial,
    record,
    answered: (visit) => live.visits.answered(visit),
    trustsProxy,
    storeClock,
    credentialWatch,
    eventsAppended,
  })
  const signIn = createSignIn({ env, log, nowMs: monotonicMs })
  const machines = createMachinePorts({ store, dial, direct, nowMs: monotonicMs })
  const told = { sendMail: (mail: Mail) => signIn.ports.sendMail(mail), nowMs }
  const webhooks = startWebhooks({ ...options, ...told, direct, bus })
  const mailAlerts = startMailAlerts({ ...told, db: store.db, hubUrl: options.urls.hubUrl, log })
  const credentials = createCredentialCache(store.db)
  const retention = startLogRetention(options, nowMs)
  const badTokens = guardAgentTokens({ env, store, nowMs: monotonicMs })
  const dataPlane = {
    bus,
    live,
    credentials,
    credentialWatch,
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

async function readTimeMs({ db }: Store): Promise<number> {
  const text = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"'
  const { rows } = await db.pool.query<{ nowMs: number }>(text)
  if (rows[0] === undefined) throw new Error('the database has no time')
  return rows[0].nowMs
}

/** No external service may lead to the hub's own database, wherever on this machine it listens. */
function databasePorts(url: string | undefined): number[] {
  return url === undefined ? [] : [Number(new URL(url).port || 5432)]
}
