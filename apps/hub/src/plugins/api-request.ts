import { createAuthenticator, type ApiContext, type ApiPorts } from '@private-connect/api'
import type { Db } from '@private-connect/db'
import { readClient, type TrustsProxy } from '@private-connect/proxy/serve'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuseCrossSiteWrite } from '../cross-site.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the API knows of this request. */
    apiContext: ApiContext
  }
}

export interface ApiRequestOptions {
  readonly db: Db
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

function createContext(request: FastifyRequest, options: ApiRequestOptions): ApiContext {
  const ipAddress = readClient(request.raw, options.trustsProxy).address
  return {
    db: options.db,
    ports: options.ports,
    requestId: request.id,
    ipAddress,
    userAgent: request.headers['user-agent'] ?? null,
    authenticate: createAuthenticator(options.db, {
      headers: request.headers,
      ipAddress,
      nowMs: options.ports.nowMs(),
      checkCookieUse: () =>
        refuseCrossSiteWrite(
          {
            method: request.method,
            secFetchSite: request.headers['sec-fetch-site']?.toString(),
            origin: request.headers.origin,
          },
          options.hubUrl,
        ),
    }),
    answerHeaders: new Headers(),
  }
}
