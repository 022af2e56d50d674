import type { Event, Share } from '@private-connect/api/contracts'
import type { DesktopShare } from '@private-connect/ui/desktop'
import type { HubApi } from './hub-api.ts'
import type { MachineAgent } from './machine-agent.ts'
import { readActiveShares, type ServedShare } from './read-active-shares.ts'
import type { ShareLinks } from './share-links.ts'
import { createShareList, type ShareList } from './share-list.ts'
import { createSingleFlight } from './single-flight.ts'
import { createVisitorCounts, type VisitorCounts } from './visitor-counts.ts'

export interface ActiveSharesOptions {
  readonly api: HubApi
  readonly agent: Pick<MachineAgent, 'targets' | 'stopServing'>
  readonly links: ShareLinks
  readonly nowMs: () => number
  readonly onChange: (shares: readonly DesktopShare[]) => void
}

/** The open shares of this machine's services. */
export interface ActiveShares {
  add(share: DesktopShare): void
  /** It has ended; what was served for it alone is served no more. */
  remove(shareId: string): void
  /** As the hub has it after a change. */
  changed(share: Share): void
  heard(event: Event): void
  /** Asks the hub, and serves no more what has no open share. Where the hub cannot be asked, all stays as it is. */
  refresh(): Promise<void>
  /** Links have changed. */
  relink(): void
  /** A service that is kept though no share of it is known; answers how to end that. */
  pin(serviceId: string): () => void
  close(): void
}

/** Sooner or later nothing changes while the hub answers. */
const triesMax = 10

export function createActiveShares(options: ActiveSharesOptions): ActiveShares {
  const { api, agent, links } = options
  const visitors = createVisitorCounts(api, options.nowMs)
  const pinned = new Set<string>()
  const list = createShareList({
    ...options,
    visitors,
    // The hub's clock counts; only where it cannot be asked, ours does.
    onEnd: () => void refresh().catch(() => list.dropEnded()),
  })
  const refresh = createSingleFlight(async () => {
    for (let tries = 1; ; tries += 1) {
      const { revision } = list
      const { shares, idleServiceIds } = await readActiveShares(api, agent.targets)
      await visitors.learn(shares.map(({ share }) => share))
      if (list.revision !== revision && tries < triesMax) continue
      list.replace(shares.map(toDesktopShare))
      await agent.stopServing(idleServiceIds.filter((serviceId) => !pinned.has(serviceId)))
      return
    }
  })
  return {
    add: (share) => list.add(share),
    remove(shareId) {
      list.remove(shareId)
      void refresh().catch(() => undefined)
    },
    changed: (share) => list.change(share.id, ruleOf(share)),
    heard: createHearing({ list, visitors, links, refresh }),
    refresh,
    relink: () => list.show(),
    pin(serviceId) {
      pinned.add(serviceId)
      return () => pinned.delete(serviceId)
    },
    close: () => list.close(),
  }
}

interface HearingParts {
  readonly list: ShareList
  readonly visitors: VisitorCounts
  readonly links: ShareLinks
  readonly refresh: () => Promise<void>
}

function createHearing({ list, visitors, links, refresh }: HearingParts): (event: Event) => void {
  // The stream that told of it tells of a lost hub too.
  const refreshQuietly = (): void => void refresh().catch(() => undefined)
  const end = (shareId: string): void => {
    void links.forget(shareId)
    if (!list.has(shareId)) return
    list.remove(shareId)
    refreshQuietly()
  }
  return ({ type, data }) => {
    if (type === 'share.revoked' || type === 'share.expired') end(data.shareId)
    if (type === 'share.created' && !list.has(data.shareId)) refreshQuietly()
    if (type === 'share.accessed' && !data.isReturning) {
      visitors.visited(data.shareId)
      list.show()
    }
  }
}

function toDesktopShare({ share, target }: ServedShare): DesktopShare {
  return {
    id: share.id,
    ...ruleOf(share),
    url: null,
    targetHost: target.host,
    targetPort: target.port,
    visitorCount: 0,
  }
}

function ruleOf({ name, expiresAt }: Share): Pick<DesktopShare, 'name' | 'expiresAtMs'> {
  return { name, expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt) }
}
