import { LRUCache } from 'lru-cache'

export interface KnownGrant<Grant> {
  readonly grant: Grant
  readonly loadedAtMs: number
}

/** Notes what is forgotten while a grant is being read: it may have been read as it was before. */
export interface Reading<Grant> {
  isForgotten(grant: Grant): boolean
  end(): void
}

/** Grants by the key of a link. A share has few links, so that one is forgotten without a look at all the others. */
export function createKnownGrants<Grant extends { readonly id: string }>(max: number) {
  const keysOfShares = new Map<string, Set<string>>()
  const entries = new LRUCache<string, KnownGrant<Grant>>({
    max,
    dispose: ({ grant }, key) => dropKey(keysOfShares, grant.id, key),
  })
  const readings = new Set<((grant: Grant) => boolean)[]>()

  return {
    get: (key: string) => entries.get(key),
    has: (key: string) => entries.has(key),
    /** Null: there is no such share. */
    put(key: string, known: KnownGrant<Grant> | null): void {
      entries.delete(key)
      if (known === null) return
      entries.set(key, known)
      const shareId = known.grant.id
      keysOfShares.set(shareId, (keysOfShares.get(shareId) ?? new Set()).add(key))
    },
    forget(matches: (grant: Grant) => boolean): void {
      for (const forgotten of readings) forgotten.push(matches)
      for (const [key, { grant }] of entries.entries()) if (matches(grant)) entries.delete(key)
    },
    forgetShare(shareId: string): void {
      for (const forgotten of readings) forgotten.push(({ id }) => id === shareId)
      for (const key of keysOfShares.get(shareId) ?? []) entries.delete(key)
    },
    beginReading(): Reading<Grant> {
      const forgotten: ((grant: Grant) => boolean)[] = []
      readings.add(forgotten)
      return {
        isForgotten: (grant) => forgotten.some((matches) => matches(grant)),
        end: () => void readings.delete(forgotten),
      }
    },
  }
}

function dropKey(keysOfShares: Map<string, Set<string>>, shareId: string, key: string): void {
  const keys = keysOfShares.get(shareId)
  if (keys?.delete(key) === true && keys.size === 0) keysOfShares.delete(shareId)
}
