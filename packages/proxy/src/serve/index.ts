export type { Dial, DialKind, DialOptions, UpstreamProtocol, UpstreamService } from './dial.ts'
export type {
  AccessRecord,
  AnsweredVisit,
  ServeLog,
  ServeOptions,
  ServePorts,
  ShareGrant,
  ShareMethod,
} from './ports.ts'
export { readClient, type Client, type TrustsProxy } from './client-address.ts'
export type { RateDecision, RateLimiter } from './policy/rate-limiter.ts'
export { createGuessLimiter, type LookupGuard } from './policy/guess-limiter.ts'
export { createMemoryRateLimiter } from './policy/memory-rate-limiter.ts'
export { createShareServer, type ShareServer } from './create-share-server.ts'
export { attachShareServer, shareServerOptions } from './attach-share-server.ts'
export { newRequestId } from './request-id.ts'
export type { CheckReport } from './check/check-report.ts'
export { createServiceCheck } from './check/check-service.ts'
export { createDialCheck, createDirectDial, type DirectDialOptions } from './dial/direct-dial.ts'
export { resolveHost, type ResolveHost } from './dial/resolve-host.ts'
export { createVisitorIds } from './visitor-ids.ts'
export { loggedUserAgent } from './record/access-record.ts'
export { checkRate } from './database/query-rate.ts'
export { createAccessLog, type AccessLog } from './record/access-log.ts'
export { pageStyle, renderLayout } from './pages/page-layout.ts'
export {
  mayWrite,
  type AskDatabase,
  type DatabaseGrant,
  type QueryQuestion,
} from './database/database-grant.ts'
