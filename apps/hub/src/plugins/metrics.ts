import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@private-connect/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'

export interface MetricSources {
  readonly agentsOnline: () => number
  readonly accessRecordsDropped: () => number
  readonly accessRecordsSuppressed: () => number
  readonly subscriptions: () => number
  readonly visitsUntold: () => number
}

/** The hub's Prometheus metrics. Labels are few and fixed: none names a share, a workspace or an address. */
export function createMetrics(sources: MetricSources) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const shareRequests = new Counter({
    name: 'private_connect_share_requests_total',
    help: 'Requests of visitors by status class',
    labelNames: ['status_class'],
    registers: [registry],
  })
  const bugs = new Counter({
    name: 'private_connect_uncaught_errors_total',
    help: 'Errors that nothing caught; each is a bug, and in the log',
    registers: [registry],
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('private_connect_agents_online', 'Agents with a tunnel to this hub', sources.agentsOnline)
  gauge(
    'private_connect_access_records_dropped',
    'Access records lost under pressure since the start',
    sources.accessRecordsDropped,
  )
  gauge(
    'private_connect_access_records_suppressed',
    'Refused requests since the start that were counted in the access log instead of listed',
    sources.accessRecordsSuppressed,
  )
  gauge('private_connect_subscriptions', 'Open subscriptions to live events', sources.subscriptions)
  gauge(
    'private_connect_visits_untold',
    'Visits and refusals since the start that were too many to tell',
    sources.visitsUntold,
  )
  const byClass = ['1xx', '2xx', '3xx', '4xx', '5xx'].map((statusClass) =>
    shareRequests.labels({ status_class: statusClass }),
  )
  return {
    registry,
    countBug: () => bugs.inc(),
    countShareRequest: (statusCode: number) => byClass[Math.floor(statusCode / 100) - 1]?.inc(),
  }
}

export type Metrics = ReturnType<typeof createMetrics>

/** `/metrics` for this machine, or for whoever has the token (SUP-08). */
export function addMetrics(app: FastifyInstance, { registry }: Metrics, token: string | undefined): void {
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, token))
      throw new AppError('auth.required', 'Send the metrics token as Bearer.')
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

function mayReadMetrics(request: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return isSame(request.headers.authorization ?? '', `Bearer ${token}`)
  // A proxy on this machine makes the whole internet look local; it always says for whom it asks.
  const isForwarded =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
  return !isForwarded && /^(::ffff:)?127\.|^::1$/.test(request.raw.socket.remoteAddress ?? '')
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
