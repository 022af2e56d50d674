import type { LookupGuard } from './policy/guess-limiter.ts'
import type { ServePorts } from './ports.ts'
import type { ShareGrant } from './share-grant.ts'

export interface ShareLookup {
  find(token: string, guard: LookupGuard): ShareGrant | null | Promise<ShareGrant | null>
  /** Answers that were asked for before this cut of a share or a service, and are still on their way, are asked for again. */
  noteCut(id: string): void
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
        if (grant === null || lastCutOf(grant) <= since) return grant
        since = cutCount
        asked = ports.findShare(token)
      }
    } finally {
      waiting -= 1
      if (waiting === 0) cutsWhileWaiting.clear()
    }
  }

  const lastCutOf = ({ id, service }: ShareGrant): number =>
    Math.max(cutsWhileWaiting.get(id) ?? 0, cutsWhileWaiting.get(service.id) ?? 0)

  return {
    find(token, guard) {
      const found = ports.findShare(token, guard)
      return found instanceof Promise ? settle(found, token) : found
    },
    noteCut(id) {
      cutCount += 1
      if (waiting > 0) cutsWhileWaiting.set(id, cutCount)
    },
  }
}
