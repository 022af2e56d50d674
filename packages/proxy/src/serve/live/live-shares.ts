import { AppError } from '@private-connect/errors'
import { createCutQueue } from './cut-queue.ts'
import { LiveShare } from './live-share.ts'
import type { ServePorts, ServeSettings } from '../ports.ts'
import type { ShareGrant } from '../share-grant.ts'

const sweepIntervalMs = 10_000
const idleMs = 30_000

export interface LiveShares {
  /** The live share of a grant that is about to be used. */
  of(grant: ShareGrant): LiveShare
  cut(shareId: string, reason: Error): void
  /** Cuts every share of a service. */
  cutService(serviceId: string, reason: Error): void
  cutAll(reason: Error): void
  /** Resolves once everything that was cut so far is closed. */
  whenCut(): Promise<void>
  close(): void
  /** Shares that are known, and visits that are open, on this node. */
  readonly size: number
  readonly openCount: number
}

/** The shares that have, or recently had, something open on this node; their number is bounded by what is in use. */
export function createLiveShares(ports: ServePorts, settings: ServeSettings): LiveShares {
  const shares = new Map<string, LiveShare>()
  const gauge = { openCount: 0 }
  const workspaces = new Map<string, { openCount: number }>()
  const cutQueue = createCutQueue()
  const sweep = setInterval(
    () => sweepShares(shares, workspaces, settings),
    Math.min(sweepIntervalMs, settings.silentTimeoutMs / 4, settings.stalledTimeoutMs / 4),
  )
  sweep.unref()
  function cut(shareId: string, reason: Error): void {
    shares.get(shareId)?.cut(reason)
    shares.delete(shareId)
  }
  const onExpiry = (shareId: string): void => cut(shareId, new AppError('share.inactive'))
  return {
    cut,
    whenCut: () => cutQueue.whenEmpty(),
    get size() {
      return shares.size
    },
    get openCount() {
      return gauge.openCount
    },
    cutService(serviceId, reason) {
      for (const share of shares.values()) if (share.serviceId === serviceId) cut(share.id, reason)
    },
    of({ id: shareId, workspaceId, service }) {
      const known = shares.get(shareId)
      if (known !== undefined) return known
      if (shares.size >= settings.poolsMax) dropIdle(shares, settings.poolsMax - 1)
      const workspace = workspaces.get(workspaceId) ?? { openCount: 0 }
      workspaces.set(workspaceId, workspace)
      const common = { workspace, ports, settings, gauge, cutQueue, onExpiry }
      const fresh = new LiveShare({ id: shareId, serviceId: service.id, ...common })
      shares.set(shareId, fresh)
      return fresh
    },
    cutAll(reason) {
      for (const share of shares.values()) share.cut(reason)
      shares.clear()
    },
    close: () => clearInterval(sweep),
  }
}

function sweepShares(
  shares: Map<string, LiveShare>,
  workspaces: Map<string, { openCount: number }>,
  settings: ServeSettings,
): void {
  const now = performance.now()
  for (const share of shares.values()) {
    share.checkEnd()
    share.cutIdle(now)
  }
  dropIdle(shares, settings.poolsMax)
  dropUnused(workspaces, shares)
}

/** Drops what has been idle for long, and beyond `max` whatever is idle at all, first come first dropped. */
function dropIdle(shares: Map<string, LiveShare>, max: number): void {
  const now = performance.now()
  for (const share of shares.values()) {
    if (share.openCount > 0) continue
    if (now - share.lastUsedMs < idleMs && shares.size <= max) continue
    share.cut(new Error('idle'))
    shares.delete(share.id)
  }
}

/** A gauge stays while a share may count in it: one that was given out twice would count half. */
function dropUnused(
  workspaces: Map<string, { openCount: number }>,
  shares: ReadonlyMap<string, LiveShare>,
): void {
  const used = new Set([...shares.values()].map(({ workspace }) => workspace))
  for (const [workspaceId, workspace] of workspaces) {
    if (workspace.openCount === 0 && !used.has(workspace)) workspaces.delete(workspaceId)
  }
}
