import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** A grant is used without asking again for this long; a revoke on another node is seen after it at the latest. */
const freshMs = 1000
/** While the database cannot be asked, a known grant is still used until it is this old, then nothing is. */
const usableMs = 5000

interface Entry<Grant> {
  readonly grant: Grant
  readonly loadedAtMs: number
}

export interface ShareCacheOptions<Grant> {
  /** Reads the grant of a link by its token's SHA-256; null when there is none. */
  readonly load: (tokenHash: Uint8Array<ArrayBuffer>) => Promise<Grant | null>
  readonly nowMs: () => number
  readonly entriesMax?: number
}

/**
 * Share grants by token. Answers synchronously while an entry is fresh, which keeps promises off the visitor's hot
 * path. Tokens are kept as hashes even here, so that a memory dump shows none.
 */
export function createShareCache<Grant extends { readonly id: string }>(options: ShareCacheOptions<Grant>) {
  const entries = new LRUCache<string, Entry<Grant>>({ max: options.entriesMax ?? 10_000 })
  const loading = new Map<string, Promise<Grant | null>>()
  // Counts invalidations: a load that began before one may have read what is no longer true.
  let generation = 0

  async function load(key: string, stale: Entry<Grant> | undefined): Promise<Grant | null> {
    for (;;) {
      const before = generation
      const loadedAtMs = options.nowMs()
      try {
        const grant = await options.load(new Uint8Array(Buffer.from(key, 'base64')))
        if (before !== generation) continue
        if (grant === null) entries.delete(key)
        else entries.set(key, { grant, loadedAtMs })
        return grant
      } catch (error) {
        const isUsable =
          before === generation && stale !== undefined && loadedAtMs - stale.loadedAtMs < usableMs
        if (!isUsable) throw error
        return stale.grant
      }
    }
  }

  /** Reads a token that it knows nothing of only if `mayLoad`; one whose entry is no longer fresh always. */
  function find(token: string, mayLoad: () => boolean = () => true): Grant | null | Promise<Grant | null> {
    const key = hash('sha256', token, 'base64')
    const entry = entries.get(key)
    if (entry !== undefined && options.nowMs() - entry.loadedAtMs < freshMs) return entry.grant
    let pending = loading.get(key)
    if (pending === undefined) {
      if (entry === undefined && !mayLoad()) return null
      pending = load(key, entry).finally(() => loading.delete(key))
      loading.set(key, pending)
    }
    return pending
  }

  /** Forgets shares at once: no request that starts after this returns is decided by what was known before. */
  function forget(matches: (grant: Grant) => boolean): void {
    generation += 1
    for (const [key, { grant }] of entries.entries()) if (matches(grant)) entries.delete(key)
  }

  return { find, forget }
}
