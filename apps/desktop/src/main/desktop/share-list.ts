import type { DesktopShare } from '@private-connect/ui/desktop'
import type { ShareLinks } from './share-links.ts'
import type { VisitorCounts } from './visitor-counts.ts'

export interface ShareListOptions {
  readonly links: Pick<ShareLinks, 'find'>
  readonly visitors: Pick<VisitorCounts, 'of'>
  readonly nowMs: () => number
  readonly onChange: (shares: readonly DesktopShare[]) => void
  /** A share is over by this machine's clock. */
  readonly onEnd: () => void
}

/** The open shares as they are shown, newest first. */
export interface ShareList {
  has(shareId: string): boolean
  /** Counts what was added, changed and removed: an answer that was asked for before may not know it. */
  readonly revision: number
  add(share: DesktopShare): void
  change(shareId: string, patch: Partial<DesktopShare>): void
  remove(shareId: string): void
  /** As the hub has them. */
  replace(shares: readonly DesktopShare[]): void
  /** Drops those that are over by this machine's clock. */
  dropEnded(): void
  /** Links or counts have changed. */
  show(): void
  close(): void
}

/** Where the hub says that a share lives on though it is over by our clock. */
const recheckMs = 30_000
const timerMaxMs = 2 ** 31 - 1

export function createShareList(options: ShareListOptions): ShareList {
  const { links, visitors, nowMs, onChange, onEnd } = options
  let shares: readonly DesktopShare[] = []
  let revision = 0
  let endTimer: NodeJS.Timeout | undefined
  let isClosed = false

  const replace = (next: readonly DesktopShare[]): void => {
    if (isClosed) return
    shares = next.map((share) => ({
      ...share,
      url: links.find(share.id) ?? share.url,
      visitorCount: visitors.of(share.id),
    }))
    clearTimeout(endTimer)
    const endMs = Math.min(...shares.map(({ expiresAtMs }) => expiresAtMs ?? Infinity))
    const delayMs = endMs - nowMs()
    if (endMs !== Infinity)
      endTimer = setTimeout(onEnd, delayMs < 0 ? recheckMs : Math.min(delayMs, timerMaxMs))
    onChange(shares)
  }
  const revise = (next: readonly DesktopShare[]): void => {
    revision += 1
    replace(next)
  }
  return {
    has: (shareId) => shares.some(({ id }) => id === shareId),
    get revision() {
      return revision
    },
    add: (share) => revise([share, ...shares.filter(({ id }) => id !== share.id)]),
    change: (shareId, patch) =>
      revise(shares.map((share) => (share.id === shareId ? { ...share, ...patch } : share))),
    remove: (shareId) => revise(shares.filter(({ id }) => id !== shareId)),
    replace,
    dropEnded: () => revise(shares.filter(({ expiresAtMs }) => (expiresAtMs ?? Infinity) > nowMs())),
    show: () => replace(shares),
    close() {
      isClosed = true
      clearTimeout(endTimer)
    },
  }
}
