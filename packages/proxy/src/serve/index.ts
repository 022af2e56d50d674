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
export { createMemoryRateLimiter, type MemoryRateLimiterOptions } from './policy/memory-rate-limiter.ts'
export { createShareServer, type ShareServer } from './create-share-server.ts'
export { attachShareServer, shareServerOptions, type OtherHandlers } from './attach-share-server.ts'
export { newRequestId } from './request-id.ts'
export { answerClientError } from './http/answer-client-error.ts'
export type { CheckReport, CheckStep } from './check/check-report.ts'
export { createServiceCheck, type ServiceCheckOptions } from './check/check-service.ts'
export { createDialCheck, createDirectDial, type DirectDialOptions } from './dial/direct-dial.ts'
export { resolveHost, type ResolveHost } from './dial/resolve-host.ts'
export { createVisitorIds, type VisitorIds } from './visitor-ids.ts'
export { loggedUserAgent } from './record/access-record.ts'
export { checkRate } from './database/query-rate.ts'
export { createAccessLog, type AccessLog, type AccessLogOptions } from './record/access-log.ts'
export { pageStyle, renderLayout, type PageParts } from './pages/page-layout.ts'
export {
  mayWrite,
  type AskDatabase,
  type DatabaseGrant,
  type QueryQuestion,
} from './database/database-grant.ts'
