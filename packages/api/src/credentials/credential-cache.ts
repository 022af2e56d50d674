import { hash } from 'node:crypto'
import { findApiKeyByHash, findSessionByHash, type Db } from '@private-connect/db'

/** What was found is believed for this long; the end of a credential on another node is seen after it at the latest. */
const freshMs = 1000

type KeyOfRequest = NonNullable<Awaited<ReturnType<typeof findApiKeyByHash>>>
type SessionOfRequest = NonNullable<Awaited<ReturnType<typeof findSessionByHash>>>

/** Keys and sessions by their tokens. Answers are shared: what is noted on one is noted for all who get it. */
export interface CredentialCache {
  readonly db: Db
  /** Null when there is no such live key; that is asked each time. */
  findApiKey(token: string): Promise<KeyOfRequest | null>
  /** Null when there is no such live session; that is asked each time. */
  findSession(token: string): Promise<SessionOfRequest | null>
  /** No request that starts after this returns is decided by what was known of a workspace's credentials before. */
  forget(workspaceId: string): void
}

/** In front of the two look-ups that nearly every request begins with. At most `entriesMax` of each kind are kept. */
export function createCredentialCache(db: Db, entriesMax = 10_000): CredentialCache {
  const keys = createTokenCache({
    load: async (tokenHash) => findApiKeyByHash(db, tokenHash),
    workspaceOf: (key) => key.workspaceId,
    entriesMax,
  })
  const sessions = createTokenCache({
    load: async (tokenHash) => findSessionByHash(db, tokenHash),
    workspaceOf: ({ session }) => session.workspaceId,
    entriesMax,
  })
  return {
    db,
    findApiKey: async (token) => keys.find(token),
    async findSession(token) {
      const holder = await sessions.find(token)
      if (holder === null || holder.session.expiresAt.getTime() > Date.now()) return holder
      sessions.forget(holder.session.workspaceId)
      return sessions.find(token)
    },
    forget(workspaceId) {
      keys.forget(workspaceId)
      sessions.forget(workspaceId)
    },
  }
}

export interface TokenCacheOptions<Row> {
  readonly load: (tokenHash: Uint8Array<ArrayBuffer>) => Promise<Row | null>
  readonly workspaceOf: (row: Row) => string
  readonly entriesMax: number
  /** Elapsed time, which no step of the wall clock moves. */
  readonly elapsedMs?: () => number
}

export interface TokenCache<Row> {
  find(token: string): Promise<Row | null>
  forget(workspaceId: string): void
  readonly size: number
}

/** Tokens are kept as hashes even here, so that a memory dump shows none. */
export function createTokenCache<Row>(options: TokenCacheOptions<Row>): TokenCache<Row> {
  const { elapsedMs = () => performance.now(), entriesMax } = options
  const entries = new Map<string, { readonly row: Row; readonly loadedAtMs: number }>()
  const loading = new Map<string, Promise<Row | null>>()
  // A load that began before something was forgotten may have read what is no longer true.
  let generation = 0

  async function load(key: string): Promise<Row | null> {
    for (;;) {
      const before = generation
      const loadedAtMs = elapsedMs()
      const row = await options.load(new Uint8Array(Buffer.from(key, 'base64')))
      if (before !== generation) continue
      entries.delete(key)
      if (row !== null) keep(key, { row, loadedAtMs })
      return row
    }
  }

  /** The oldest goes first: it is the first that has to be asked for again. */
  function keep(key: string, entry: { readonly row: Row; readonly loadedAtMs: number }): void {
    const [oldest] = entries.keys()
    if (entries.size >= entriesMax && oldest !== undefined) entries.delete(oldest)
    entries.set(key, entry)
  }

  return {
    get size() {
      return entries.size
    },
    async find(token) {
      const key = hash('sha256', token, 'base64')
      const entry = entries.get(key)
      if (entry !== undefined && elapsedMs() - entry.loadedAtMs < freshMs) return entry.row
      let pending = loading.get(key)
      if (pending === undefined) {
        pending = load(key).finally(() => loading.delete(key))
        loading.set(key, pending)
      }
      return pending
    },
    forget(workspaceId) {
      generation += 1
      for (const [key, { row }] of entries) if (options.workspaceOf(row) === workspaceId) entries.delete(key)
    },
  }
}
