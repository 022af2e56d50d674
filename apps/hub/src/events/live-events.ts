import type { LivePorts } from '@private-connect/api'
import {
  listAgentsToldOnline,
  listEventHeads,
  listEventsAfter,
  recordVisits,
  tellAgent,
  tellExpiredShares,
  touchVisitors,
} from '@private-connect/db'
import type { TunnelRegistry } from '@private-connect/proxy/tunnel'
import type { EventBus } from '../bus/event-bus.ts'
import type { CredentialWatch } from '../credential-watch.ts'
import type { Env } from '../env.ts'
import type { Logger } from '../logging.ts'
import type { Store } from '../store/store.ts'
import { AgentPresence } from './agent-presence.ts'
import { EventFeed } from './event-feed.ts'
import { startEventRetention } from './event-retention.ts'
import { createHeartbeat, type Heartbeat } from './heartbeat.ts'
import { startExpiryTeller } from './share-expiry.ts'
import { readSubscriptionLimits } from './subscription-places.ts'
import { Subscriptions } from './subscriptions.ts'
import { VisitEvents } from './visit-events.ts'

export interface LiveEventsOptions {
  readonly env: Pick<Env, 'SUBSCRIPTIONS_MAX' | 'WORKSPACE_SUBSCRIPTIONS_MAX' | 'ACCESS_LOG_RETENTION_DAYS'>
  readonly store: Pick<Store, 'db'>
  readonly bus: EventBus
  readonly credentialWatch: CredentialWatch
  readonly registry: TunnelRegistry
  readonly log: Logger
  readonly nowMs: () => number
}

export interface LiveEvents {
  readonly visits: VisitEvents
  readonly subscriptions: Subscriptions
  readonly heartbeat: Heartbeat
  readonly ports: LivePorts
  /** Before a stop: subscribers go to a hub that goes on, and agents that move have not gone. */
  drain(): Promise<void>
  /** Writes what waits, and ends what runs beside requests. */
  close(): Promise<void>
}

/** Proxies cut what is silent for a minute; tRPC’s clients come back after 40 s of silence. */
const heartbeatMs = 15_000
const agentsMax = 100_000

/** Everything that tells of what happens, and everybody who hears it. */
export function createLiveEvents(options: LiveEventsOptions): LiveEvents {
  const { env, store, bus, credentialWatch, log } = options
  const { db } = store
  const feed = new EventFeed({
    store: {
      listAfter: async (input) => listEventsAfter(db, input),
      listHeads: async (ids) => listEventHeads(db, ids),
    },
    bus,
    log,
  })
  const subscriptions = new Subscriptions({
    credentialWatch,
    limits: readSubscriptionLimits(env),
  })
  const heartbeat = createHeartbeat(heartbeatMs)
  const telling = startTelling(options)
  const { visits, presence } = telling
  return {
    visits,
    subscriptions,
    heartbeat,
    ports: {
      admit: (subscriber) => subscriptions.admit(subscriber),
      follow: async (following) => feed.follow(following),
    },
    async drain() {
      subscriptions.close()
      await presence.close()
    },
    async close() {
      await telling.close()
      feed.close()
      heartbeat.close()
    },
  }
}

/** What appends events by itself: visits, expiry, agents; and what deletes old ones. */
function startTelling({ env, store, bus, registry, log, nowMs }: LiveEventsOptions) {
  const { db } = store
  const eventsAppended = (workspaceId: string) => bus.publish('events.appended', workspaceId)
  const visits = new VisitEvents({
    tell: async (batch) => recordVisits(db, batch),
    touch: async (visitors) => touchVisitors(db, visitors),
    eventsAppended,
    log,
  })
  const expiry = startExpiryTeller({
    tellExpired: async (batch) => tellExpiredShares(db, batch),
    eventsAppended,
    log,
  })
  const presence = new AgentPresence({
    registry,
    tell: async (news) => tellAgent(db, news),
    listToldOnline: async () => listAgentsToldOnline(db, agentsMax),
    eventsAppended,
    log,
    nowMs,
  })
  const retention = startEventRetention({ db, visitorDays: env.ACCESS_LOG_RETENTION_DAYS, log, nowMs })
  return {
    visits,
    presence,
    async close() {
      await expiry.stop()
      await visits.close()
      await retention.stop()
    },
  }
}
