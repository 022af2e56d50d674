import type { ServePorts, ShareGrant } from './ports.ts'

export interface ShareLookup {
  find(token: string): ShareGrant | null | Promise<ShareGrant | null>
  /** Answers that were asked for before this cut, and are still on their way, are asked for again. */
  noteCut(shareId: string): void
}

/**
 * Finds grants so that a revoke holds: a look-up that began before a cut may still carry the old grant, and would let a
 * request through after the revoke was acknowledged.
 */
export function createShareLookup(ports: Pick<ServePorts, 'findShare'>): ShareLookup {
  let cutCount = 0
  let waiting = 0
  const cutsWhileWaiting = new Map<string, number>()

  async function settle(first: Promise<ShareGrant | null>, token: string): Promise<ShareGrant | null> {
    let since = cutCount
    let asked: ShareGrant | null | Promise<ShareGrant | null> = first
    waiting += 1
    try {
      for (;;) {
        const grant = await asked
        if (grant === null || (cutsWhileWaiting.get(grant.id) ?? 0) <= since) return grant
        since = cutCount
        asked = ports.findShare(token)
      }
    } finally {
      waiting -= 1
      if (waiting === 0) cutsWhileWaiting.clear()
    }
  }

  return {
    find(token) {
      const found = ports.findShare(token)
      return found instanceof Promise ? settle(found, token) : found
    },
    noteCut(shareId) {
      cutCount += 1
      if (waiting > 0) cutsWhileWaiting.set(shareId, cutCount)
    },
  }
}
