import helmet from '@fastify/helmet'
import { newRequestId } from '@private-connect/proxy/serve'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Heartbeat } from './events/heartbeat.ts'
import type { Logger } from './logging.ts'
import { addApiDocs } from './plugins/api-docs.ts'
import { addApiRequest, type ApiRequestOptions } from './plugins/api-request.ts'
import { addDashboard } from './plugins/dashboard.ts'
import { addDashboardDevServer } from './plugins/dashboard-dev-server.ts'
import { addErrorResponses, addNotFound, rewriteMalformedUrl } from './plugins/error-responses.ts'
import { addHealth, type HealthOptions } from './plugins/health.ts'
import { addMetrics, type Metrics } from './plugins/metrics.ts'
import { addPages } from './plugins/pages.ts'
import { addRateLimits, type RateLimits } from './plugins/rate-limits.ts'
import { addRestApi } from './plugins/rest-api.ts'
import { addTrpcApi } from './plugins/trpc-api.ts'
import type { TrpcSocket } from './plugins/trpc-socket.ts'
import { addRequestBodies, type BodyLimits } from './plugins/request-bodies.ts'
import { addRequestIds } from './plugins/request-ids.ts'
import { addWrongMethods, collectRoutes } from './plugins/wrong-methods.ts'

export interface AppOptions {
  readonly log: Logger
  readonly api: ApiRequestOptions
  readonly limits: RateLimits & BodyLimits
  readonly trpcSocket: TrpcSocket
  readonly health: HealthOptions
  readonly metrics: Metrics
  readonly heartbeat: Heartbeat
  readonly metricsToken: string | undefined
  /** Where the dashboard comes from while one works on it. */
  readonly dashboardDevUrl: string | undefined
}

/** Everything that the hub answers itself: API, reference, health and its own pages. Shares' traffic never comes here. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  // Widened, or every plugin would have to name pino's own type.
  const loggerInstance: FastifyBaseLogger = options.log
  const app = Fastify({
    loggerInstance,
    // A line for each request is the access log's and a proxy's business; failures are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    bodyLimit: 256 * 1024,
    routerOptions: { maxParamLength: 16_384 },
    rewriteUrl: rewriteMalformedUrl,
  })
  const routes = collectRoutes(app)
  addErrorResponses(app)
  addRequestIds(app)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: pageDirectives },
    xFrameOptions: { action: 'deny' },
    // Shares may live on subdomains of the hub's own: whether those speak https is not the hub's to promise.
    strictTransportSecurity: options.api.hubUrl.startsWith('https:') && { includeSubDomains: false },
  })
  addHealth(app, options.health)
  addMetrics(app, options.metrics, options.metricsToken)
  addPages(app)
  if (options.dashboardDevUrl === undefined) await addDashboard(app)
  else await addDashboardDevServer(app, options.dashboardDevUrl)
  await addApiDocs(app, options.api.hubUrl)
  await app.register(async (api) => {
    addApiRequest(api, options.api)
    await addRateLimits(api, options.limits)
    addRequestBodies(api, options.limits)
    addNotFound(api)
    addRestApi(api, options.heartbeat)
    await addTrpcApi(api, options.heartbeat)
    options.trpcSocket.addRoute(api)
    addWrongMethods(api, routes)
  })
  await app.ready()
  return app
}

const pageDirectives = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  // One fixed rule, which the dashboard's components add to their page.
  styleSrc: ["'self'", "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}
