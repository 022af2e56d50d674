import { hash } from 'node:crypto'
import type { LookupGuard } from '@private-connect/proxy/serve'
import { createKnownGrants, type KnownGrant } from './known-grants.ts'

/** A grant is used without asking again for this long; a revoke on another node is seen after it at the latest. */
const freshMs = 1000
/** While the database cannot be asked, a known grant is still used until it is this old, then nothing is. */
const usableMs = 5000

export interface ShareCacheOptions<Grant> {
  /** Reads the grant of a link by its token's SHA-256; null when there is none. */
  readonly load: (tokenHash: Uint8Array<ArrayBuffer>) => Promise<Grant | null>
  /** Whether a token that a network which guesses asks for is likely to exist, so that real visitors there still pass. */
  readonly isLikely?: (tokenHash: Uint8Array<ArrayBuffer>) => Promise<boolean>
  readonly nowMs: () => number
  readonly entriesMax?: number
}

/**
 * Share grants by token. Answers synchronously while an entry is fresh, which keeps promises off the visitor's hot
 * path. Tokens are kept as hashes even here, so that a memory dump shows none.
 */
export function createShareCache<Grant extends { readonly id: string }>(options: ShareCacheOptions<Grant>) {
  const entries = createKnownGrants<Grant>(options.entriesMax ?? 10_000)

  async function load(key: string, stale: KnownGrant<Grant> | undefined): Promise<Grant | null> {
    for (;;) {
      const reading = entries.beginReading()
      const loadedAtMs = options.nowMs()
      try {
        const grant = await options.load(bytesOf(key))
        if (grant !== null && reading.isForgotten(grant)) continue
        entries.put(key, grant === null ? null : { grant, loadedAtMs })
        return grant
      } catch (error) {
        if (!isUsable(stale, loadedAtMs) || reading.isForgotten(stale.grant)) throw error
        return stale.grant
      } finally {
        reading.end()
      }
    }
  }

  const findFresh = (key: string): Grant | undefined => {
    const entry = entries.get(key)
    return entry !== undefined && options.nowMs() - entry.loadedAtMs < freshMs ? entry.grant : undefined
  }

  const loadOnce = shareRunning(async (key) => load(key, entries.get(key)))

  /** Reads a token that it knows nothing of only as far as `guard` lets it; one whose entry is no longer fresh always. */
  function find(token: string, guard: LookupGuard = unguarded): Grant | null | Promise<Grant | null> {
    const key = hash('sha256', token, 'base64')
    const fresh = findFresh(key)
    if (fresh !== undefined) return fresh
    if (entries.has(key)) return loadOnce(key)
    return lookUpGuarded(guard, {
      isLikely: async () => (await options.isLikely?.(bytesOf(key))) ?? false,
      lookUp: async () => findFresh(key) ?? loadOnce(key),
    })
  }

  return {
    find,
    /** Forgets shares at once: no request that starts after this returns is decided by what was known before. */
    forget: (matches: (grant: Grant) => boolean) => entries.forget(matches),
    /** The same for one share; a thousand a second cost nothing. */
    forgetShare: (shareId: string) => entries.forgetShare(shareId),
  }
}

function isUsable<Grant>(entry: KnownGrant<Grant> | undefined, nowMs: number): entry is KnownGrant<Grant> {
  return entry !== undefined && nowMs - entry.loadedAtMs < usableMs
}

/** One run for all who ask for the same at the same time. */
function shareRunning<T>(run: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<T>>()
  return async (key) => {
    const known = running.get(key)
    if (known !== undefined) return known
    const started = run(key).finally(() => running.delete(key))
    running.set(key, started)
    return started
  }
}

interface GuardedLookup<Grant> {
  readonly isLikely: () => Promise<boolean>
  readonly lookUp: () => Promise<Grant | null>
}

async function lookUpGuarded<Grant>(
  guard: LookupGuard,
  { isLikely, lookUp }: GuardedLookup<Grant>,
): Promise<Grant | null> {
  const isAdmitted = await guard.admit()
  if (!isAdmitted && !(await isLikely())) return null
  // A look-up that failed was no wrong guess.
  let isFound = true
  try {
    const grant = await lookUp()
    isFound = grant !== null
    return grant
  } finally {
    if (isAdmitted) guard.settle(isFound)
  }
}

const unguarded: LookupGuard = { admit: () => true, settle: () => {} }

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(key, 'base64'))
}
