import rateLimit from '@fastify/rate-limit'
import { AppError } from '@private-connect/errors'
import { networkOf } from '@private-connect/network'
import type { FastifyInstance, FastifyRequest } from 'fastify'

export interface RateLimits {
  readonly apiRequestsPerMin: number
  readonly anonymousRequestsPerMin: number
  /** Of one network, with keys or tokens that are not valid (KEY-11). */
  readonly badKeysPerMin: number
}

/**
 * Limits calls of the API: each key and session by itself, all else by network. Keys and tokens that are not valid have
 * a count of their own for each network, so that guessing is limited and whoever has a real key there is not locked out.
 */
export async function addRateLimits(app: FastifyInstance, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, {
    // As a hook of this whole part rather than of its routes, so that errors and unknown addresses count and tell too.
    global: false,
    timeWindow: '1 minute',
    keyGenerator: async (request) => (await findCaller(request)).key,
    max: async (request) => limits[(await findCaller(request)).limit],
    errorResponseBuilder: (_request, { ttl }) =>
      new AppError('request.rate_limited', undefined, {
        retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
      }),
  })
  app.addHook('onRequest', app.rateLimit())
}

interface Caller {
  readonly key: string
  readonly limit: keyof RateLimits
}

async function findCaller(request: FastifyRequest): Promise<Caller> {
  const network = networkOf(request.apiContext.ipAddress)
  const anonymous: Caller = { key: network, limit: 'anonymousRequestsPerMin' }
  try {
    const credential = await request.apiContext.authenticate()
    return credential === null ? anonymous : { key: credential.id, limit: 'apiRequestsPerMin' }
  } catch (error) {
    // Who it is cannot be told: to count it as nobody would refuse a valid key with 429 where 503 is the truth.
    if (error instanceof AppError && error.code === 'hub.store_unavailable') throw error
    // Its operation answers with the reason. A stale cookie is no guess: browsers send them unasked.
    const { headers } = request
    const isGuess = headers['x-api-key'] !== undefined || headers.authorization !== undefined
    if (!isGuess || !(error instanceof AppError) || error.code !== 'auth.invalid') return anonymous
    return { key: `bad keys ${network}`, limit: 'badKeysPerMin' }
  }
}
