import { setTimeout as wait } from 'node:timers/promises'
import type { ApiPorts, CredentialCache, MachinePorts } from '@private-connect/api'
import type { ShareGrant, ShareServer } from '@private-connect/proxy/serve'
import type { TunnelRegistry } from '@private-connect/proxy/tunnel'
import type { EventBus } from './bus/event-bus.ts'
import type { CredentialWatch } from './credential-watch.ts'
import type { HubUrls } from './env.ts'
import type { LiveEvents } from './events/live-events.ts'
import type { OwnerQueries } from './queries/owner-queries.ts'
import type { createShareCache } from './shares/share-cache.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { StoreClock } from './store/store-clock.ts'
import type { Webhooks } from './webhooks/start-webhooks.ts'

/** SPEC §13: live streams are cut within this time of a revoke. */
const cutPromiseMs = 100

/** All that an operation may have to tell, or to ask. */
export interface DataPlane {
  readonly bus: EventBus
  readonly live: LiveEvents
  readonly credentials: CredentialCache
  readonly credentialWatch: CredentialWatch
  readonly shares: ReturnType<typeof createShareCache<ShareGrant>>
  readonly shareServer: ShareServer
  readonly ownerQueries: OwnerQueries
  readonly registry: TunnelRegistry
  readonly signIn: SignIn
  readonly machines: MachinePorts
  readonly webhooks: Webhooks
  readonly storeClock: StoreClock
}

/** What the API tells the data plane once a change is committed. */
export function createApiPorts(urls: HubUrls, dataPlane: DataPlane): ApiPorts {
  const { bus, live, credentials, shares, shareServer, ownerQueries, registry } = dataPlane
  const { credentialWatch, signIn, machines, webhooks, storeClock } = dataPlane
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
      credentialWatch.check()
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

/** The change is answered when all that it cut is closed, or has taken as long as promised. */
async function whenCut(shareServer: ShareServer): Promise<void> {
  await Promise.race([shareServer.whenCut(), wait(cutPromiseMs, undefined, { ref: false })])
}
