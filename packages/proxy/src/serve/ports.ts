import { randomBytes } from 'node:crypto'
import type { ErrorCode } from '@private-connect/errors'
import type { AskDatabase } from './database/ask-database.ts'
import type { Dial } from './dial.ts'
import type { LookupGuard } from './policy/guess-limiter.ts'
import { createVisitorIds, type VisitorIds } from './visitor/visitor-ids.ts'
import { createHeapLoad } from './policy/heap-load.ts'
import type { RateLimiter } from './policy/rate-limiter.ts'
import type { ShareGrant } from './share-grant.ts'

/** One visitor's request, allowed or denied, for the access log. */
export interface AccessRecord {
  readonly shareId: string
  readonly workspaceId: string
  readonly ipAddress: string
  /** At most 512 characters, credentials masked. */
  readonly userAgent: string | null
  /** Without the query string, share tokens masked. */
  readonly path: string
  readonly method: string
  readonly statusCode: number
  readonly latencyMs: number
  readonly timestampMs: number
  /** Body bytes; for an upgraded connection everything after the heads. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Why the hub itself answered; null where the shared app did. */
  readonly denied: ErrorCode | null
  /** Tells visitors of one share apart. */
  readonly visitorId: string
  /** Further denials like this one that are counted and not recorded each. Default: none. */
  readonly suppressedCount?: number
}

/** A visit that the shared service has begun to answer. */
export type AnsweredVisit = Pick<
  AccessRecord,
  'shareId' | 'workspaceId' | 'ipAddress' | 'timestampMs' | 'visitorId'
> & {
  /** As it was sent. */
  readonly userAgent: string | null
}

/** The part of a pino logger that the data plane uses. */
export interface ServeLog {
  debug(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface ServePorts {
  /**
   * The grant of a well-formed token, revoked and expired ones too; null when there is no such share. Asks `guard`
   * before it reads a token that it knows nothing of from the store, and answers null when it is not admitted.
   */
  findShare(token: string, guard?: LookupGuard): ShareGrant | null | Promise<ShareGrant | null>
  readonly dial: Dial
  readonly askDatabase?: AskDatabase
  record(entry: AccessRecord): void
  /** Called with the head of each answer that is not the hub's own refusal or redirect. */
  answered?(visit: AnsweredVisit): void
  readonly limiter: RateLimiter
  nowMs(): number
  readonly log: ServeLog
}

/** Every field but the first two has SPEC's value as its default. */
export interface ServeOptions {
  /** Host, with or without port, below which shares have their own hosts; null: path form only. */
  readonly shareDomain: string | null
  /** How visitors reach the hub unless a trusted proxy says otherwise: the scheme of LINK_URL. */
  readonly scheme: 'http' | 'https'
  /** Whether an address may speak for visitors by X-Forwarded-For and -Proto. Default: none may. */
  readonly trustsProxy?: (address: string) => boolean
  readonly requestsPerMin?: number
  readonly queriesPerMin?: number
  readonly streamsPerShareMax?: number
  readonly streamsPerWorkspaceMax?: number
  readonly unknownTokensPerMin?: number
  /** How long what is left of a small body may take once the hub has answered. */
  readonly leftBodyTimeoutMs?: number
  /** How long an upstream may take to begin its answer. */
  readonly headersTimeoutMs?: number
  /** How long a stream may move no byte. */
  readonly silentTimeoutMs?: number
  /** How long a visitor may take nothing of an answer that waits for it. */
  readonly stalledTimeoutMs?: number
  /** Whether the process is so short of memory that it should take nothing more on. Default: by its own heap. */
  readonly isOverloaded?: () => boolean
  /** How long an idle upstream connection is kept. */
  readonly keepAliveTimeoutMs?: number
  /** How many shares may keep idle connections. */
  readonly poolsMax?: number
  /** Default: of a key that nobody else has and that ends with the process. */
  readonly visitorIds?: VisitorIds
}

export type ServeSettings = Required<ServeOptions>

export function settingsOf(options: ServeOptions): ServeSettings {
  return {
    trustsProxy: () => false,
    requestsPerMin: 5_000,
    queriesPerMin: 30,
    streamsPerShareMax: 200,
    streamsPerWorkspaceMax: 2_000,
    unknownTokensPerMin: 10,
    leftBodyTimeoutMs: 5_000,
    headersTimeoutMs: 60_000,
    silentTimeoutMs: 600_000,
    stalledTimeoutMs: 60_000,
    isOverloaded: options.isOverloaded ?? createHeapLoad(),
    // Below the 2 s of gunicorn, the shortest that is common: no upstream closes a connection that is about to be used.
    keepAliveTimeoutMs: 1_500,
    poolsMax: 1_000,
    visitorIds: options.visitorIds ?? createVisitorIds(randomBytes(32)),
    ...options,
  }
}
