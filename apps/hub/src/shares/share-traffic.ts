import {
  endLostQueryAudits,
  findShareGrant,
  findShareGrantByTokenHash,
  listShareTokenPrefixes,
} from '@private-connect/db'
import {
  createMemoryRateLimiter,
  createShareServer,
  createVisitorIds,
  type AccessRecord,
  type AnsweredVisit,
  type Dial,
  type ShareGrant,
} from '@private-connect/proxy/serve'
import type { CredentialWatch } from '../credential-watch.ts'
import type { Env, HubUrls } from '../env.ts'
import { createLiveTokens } from './live-tokens.ts'
import type { Logger } from '../logging.ts'
import { createOwnerQueries } from '../queries/owner-queries.ts'
import { createRunQuestion } from '../queries/run-question.ts'
import { createVisitorQueries } from '../queries/visitor-queries.ts'
import { createShareCache } from './share-cache.ts'
import type { Store } from '../store/store.ts'
import type { StoreClock } from '../store/store-clock.ts'
import { toShareGrant } from './to-share-grant.ts'

export interface ShareTrafficOptions {
  readonly env: Env
  readonly urls: HubUrls
  readonly store: Store
  readonly dial: Dial
  readonly record: (entry: AccessRecord) => void
  readonly answered: (visit: AnsweredVisit) => void
  readonly trustsProxy: (address: string) => boolean
  /** The time that shares end by. */
  readonly storeClock: StoreClock
  readonly credentialWatch: CredentialWatch
  /** Called once the events of a workspace have more. */
  readonly eventsAppended: (workspaceId: string) => void
  readonly log: Logger
}

/** For what counts time only: nobody sets this clock. */
const monotonicMs = (): number => performance.now()

/** What carries visitors: the data plane, and the grants that it asks for. */
export function createShareTraffic(options: ShareTrafficOptions) {
  const { env, urls, store, dial, record, answered, trustsProxy, storeClock, log, eventsAppended } = options
  const shares = createShareCache<ShareGrant>({
    load: async (tokenHash) => toShareGrant(await findShareGrantByTokenHash(store.db, tokenHash)),
    isLikely: createLiveTokens({
      list: async (limit) => listShareTokenPrefixes(store.db, limit),
      nowMs: monotonicMs,
    }),
    nowMs: monotonicMs,
  })
  endLostQueries(store, log)
  const run = createRunQuestion({ logins: store, dial, log, eventsAppended })
  const askDatabase = createVisitorQueries(run)
  const limiter = createMemoryRateLimiter({ nowMs: monotonicMs })
  const shareServer = createShareServer(
    { findShare: shares.find, dial, record, answered, askDatabase, limiter, nowMs: storeClock.nowMs, log },
    {
      shareDomain: urls.shareDomain,
      scheme: urls.linkUrl.startsWith('https:') ? 'https' : 'http',
      trustsProxy,
      requestsPerMin: env.SHARE_REQUESTS_PER_MIN,
      queriesPerMin: env.SHARE_QUERIES_PER_MIN,
      streamsPerShareMax: env.SHARE_STREAMS_MAX,
      streamsPerWorkspaceMax: env.WORKSPACE_STREAMS_MAX,
      headersTimeoutMs: env.SHARE_HEADERS_TIMEOUT_SECONDS * 1000,
      silentTimeoutMs: env.SHARE_SILENT_TIMEOUT_SECONDS * 1000,
      stalledTimeoutMs: env.SHARE_STALLED_TIMEOUT_SECONDS * 1000,
      visitorIds: createVisitorIds(store.visitorKey),
    },
  )
  const ownerQueries = createOwnerQueries({
    findGrant: async (share) => toShareGrant(await findShareGrant(store.db, share)),
    run,
    credentialWatch: options.credentialWatch,
    limiter,
    queriesPerMin: env.SHARE_QUERIES_PER_MIN,
    nowMs: storeClock.nowMs,
  })
  return { shares, shareServer, ownerQueries }
}

/** Longer than any query takes: what another node runs now is not lost. */
const lostAfterMs = 60_000

/** Records of queries that a killed hub left behind: nobody else will complete them. */
function endLostQueries({ db }: Store, log: Pick<Logger, 'warn'>): void {
  endLostQueryAudits(db, { olderThan: new Date(Date.now() - lostAfterMs) }).catch((err: unknown) => {
    log.warn({ err }, 'records of lost queries could not be completed')
  })
}
