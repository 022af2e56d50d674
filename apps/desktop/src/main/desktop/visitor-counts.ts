import type { Share } from '@private-connect/api/contracts'
import type { HubApi } from './hub-api.ts'

/** How many visitors each share has had: asked once, then counted by events. */
export interface VisitorCounts {
  of(shareId: string): number
  visited(shareId: string): void
  /** Asks for those that are not known yet. */
  learn(shares: readonly Pick<Share, 'id' | 'createdAt' | 'accessCount'>[]): Promise<void>
}

/** The hub looks back no further. */
const rangeMaxMs = 90 * 86_400_000

export function createVisitorCounts(api: HubApi, nowMs: () => number): VisitorCounts {
  const counts = new Map<string, number>()
  /** Those that the hub was asked for; others have only been heard of. */
  const known = new Set<string>()
  const ask = async (id: string, createdAt: string): Promise<number> => {
    const fromMs = Math.max(Date.parse(createdAt), nowMs() - rangeMaxMs)
    // The hub's clock may be behind ours: a range must not be empty.
    const from = new Date(Math.min(fromMs, nowMs() - 60_000)).toISOString()
    const stats = await api.call(async ({ shares }) => shares.stats.query({ id, from }))
    return stats.visitors
  }
  return {
    of: (shareId) => counts.get(shareId) ?? 0,
    visited: (shareId) => void counts.set(shareId, (counts.get(shareId) ?? 0) + 1),
    async learn(shares) {
      const unknown = shares.filter(({ id }) => !known.has(id))
      await Promise.all(
        unknown.map(async ({ id, createdAt, accessCount }) => {
          const count = accessCount === 0 ? 0 : await ask(id, createdAt)
          known.add(id)
          // What was heard meanwhile may be in the answer or not.
          counts.set(id, Math.max(count, counts.get(id) ?? 0))
        }),
      )
    },
  }
}
