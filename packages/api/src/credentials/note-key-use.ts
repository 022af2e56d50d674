import { touchApiKey, type Db } from '@private-connect/db'

const everyMs = 60_000
/** What is being written now, so that a busy key does not ask for the same write a thousand times meanwhile. */
const noting = new WeakMap<Db, Set<string>>()

export interface KeyUse {
  readonly apiKeyId: string
  readonly lastUsedAt: Date | null
  readonly nowMs: number
}

/**
 * Notes that a key was used, at most once a minute (KEY-09). The request does not wait for it: that a use could not be
 * noted is no reason to refuse or to slow anything, and a later one tries again. True where it is being noted.
 */
export function noteKeyUse(db: Db, { apiKeyId, lastUsedAt, nowMs }: KeyUse): boolean {
  if (lastUsedAt !== null && nowMs - lastUsedAt.getTime() < everyMs) return false
  const busy = noting.get(db) ?? new Set()
  noting.set(db, busy)
  if (busy.has(apiKeyId)) return true
  busy.add(apiKeyId)
  touchApiKey(db, apiKeyId)
    .catch(() => undefined)
    .finally(() => busy.delete(apiKeyId))
  return true
}
