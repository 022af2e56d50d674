import rateLimit from '@fastify/rate-limit'
import { AppError } from '@private-connect/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'

export interface RateLimits {
  readonly apiRequestsPerMin: number
  readonly anonymousRequestsPerMin: number
}

/**
 * Limits calls of the API: each key and session by itself, all else by address. A credential that is not valid counts
 * on its address, so guessing is limited too.
 */
export async function addRateLimits(app: FastifyInstance, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, {
    // As a hook of this whole part rather than of its routes, so that errors and unknown addresses count and tell too.
    global: false,
    timeWindow: '1 minute',
    keyGenerator: async (request) => (await findCaller(request)) ?? request.apiContext.ipAddress,
    max: async (request) =>
      (await findCaller(request)) === null ? limits.anonymousRequestsPerMin : limits.apiRequestsPerMin,
    errorResponseBuilder: (_request, { ttl }) =>
      new AppError('request.rate_limited', undefined, {
        retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
      }),
  })
  app.addHook('onRequest', app.rateLimit())
}

async function findCaller(request: FastifyRequest): Promise<string | null> {
  try {
    const credential = await request.apiContext.authenticate()
    return credential === null ? null : credential.id
  } catch {
    // Its operation answers with the reason; here it only is nobody.
    return null
  }
}
