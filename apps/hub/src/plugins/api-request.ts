import {
  createAuthenticator,
  keepHostCookies,
  sessionCookies,
  type ApiContext,
  type ApiPorts,
  type CredentialCache,
} from '@private-connect/api'
import { readClient, type TrustsProxy } from '@private-connect/proxy/serve'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuseCrossSiteCall, refuseCrossSiteWrite } from './cross-site.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the API knows of this request. */
    apiContext: ApiContext
  }
}

export interface ApiRequestOptions {
  readonly credentials: CredentialCache
  readonly ports: ApiPorts
  readonly trustsProxy: TrustsProxy
  /** Origin of the hub's own pages and API, for cookies. */
  readonly hubUrl: string
}

/** Gives every request its API context; the credential in it is proven when an operation first asks. */
export function addApiRequest(app: FastifyInstance, options: ApiRequestOptions): void {
  // Fastify wants the property on its prototype; each request gets its own in the hook.
  app.decorateRequest('apiContext', null as unknown as ApiContext)
  app.addHook('onRequest', async (request) => {
    request.apiContext = createContext(request, options)
  })
}

/** What the API knows of a request; the credential in it is proven anew. */
export function createContext(request: FastifyRequest, options: ApiRequestOptions): ApiContext {
  const { hubUrl, credentials, ports } = options
  const { headers } = request
  const ipAddress = readClient(request.raw, options.trustsProxy).address
  const call = {
    method: request.method,
    secFetchSite: headers['sec-fetch-site']?.toString(),
    secFetchMode: headers['sec-fetch-mode']?.toString(),
    origin: headers.origin,
    hasHeaderCredential: headers.authorization !== undefined || headers['x-api-key'] !== undefined,
  }
  const cookieHeader = keepHostCookies(headers.cookie ?? '', { hubOrigin: hubUrl, ...call })
  const nowMs = ports.nowMs()
  const answerHeaders = new Headers()
  return {
    db: credentials.db,
    ports,
    requestId: request.id,
    ipAddress,
    userAgent: headers['user-agent'] ?? null,
    idempotencyKey: headers['idempotency-key']?.toString(),
    cookieHeader,
    refuseCrossSite: () => refuseCrossSiteCall(call, hubUrl),
    authenticate: createAuthenticator(credentials, {
      headers: { ...headers, cookie: cookieHeader },
      ipAddress,
      nowMs,
      checkCookieUse: () => refuseCrossSiteWrite(call, hubUrl),
      renewCookie: (token, endsAt) => {
        const secondsLeft = Math.floor((endsAt.getTime() - nowMs) / 1000)
        for (const cookie of sessionCookies(token, hubUrl, secondsLeft)) {
          answerHeaders.append('set-cookie', cookie)
        }
      },
    }),
    answerHeaders,
  }
}
