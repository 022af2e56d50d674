import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '@private-connect/errors'
import { answerError } from './http/answer-error.ts'
import { forwardHttp } from './http/forward-http.ts'
import { createUpgradeResponse, forwardUpgrade, isWebSocket } from './http/forward-upgrade.ts'
import { hasBody } from './http/request-body.ts'
import { createLiveShares } from './live/live-shares.ts'
import { createShareLookup } from './lookup-share.ts'
import { createUnknownTokens } from './policy/unknown-tokens.ts'
import { settingsOf, type ServeOptions, type ServePorts } from './ports.ts'
import { recordVisit } from './record/record-visit.ts'
import { serveShare, type ServeSteps } from './serve-share.ts'
import { createShareLinkMatcher } from './share-link.ts'
import { Visit } from './visit.ts'

export interface ShareServer {
  /** Whether a request is a share's, by its host first and its path second; ask before anything else looks at it. */
  claims(request: IncomingMessage): boolean
  handleRequest(request: IncomingMessage, response: ServerResponse): void
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Ends everything that is open on a share, both sides, without waiting. Call it after `findShare` answers with the new
   * state: a revoked, expired, changed or deleted share.
   */
  cutShare(shareId: string): void
  /** The same for every share of a service that was deleted or leads elsewhere now. */
  cutService(serviceId: string): void
  /** Resolves once everything that was cut so far is closed, both sides; a moment for 1,000 streams. */
  whenCut(): Promise<void>
  /** Visits that are open now, over all shares. */
  readonly openCount: number
  /** Cuts what is still open. Stop the listener and let requests finish before. */
  close(): void
}

/** The data plane for visitors: knows links, policies and forwarding; everything else comes in by its ports. */
export function createShareServer(ports: ServePorts, options: ServeOptions): ShareServer {
  const settings = settingsOf(options)
  const links = createShareLinkMatcher(settings.shareDomain)
  const lookup = createShareLookup(ports)
  const liveShares = createLiveShares(ports, settings)
  const unknownTokens = createUnknownTokens({
    nowMs: () => ports.nowMs(),
    perMin: settings.unknownTokensPerMin,
  })
  const steps: ServeSteps = { lookup, unknownTokens, liveShares, forward: forwardHttp }

  function begin(request: IncomingMessage, response: ServerResponse): Visit {
    const link = links.match(request.headers.host ?? '', request.url ?? '')
    const visit = new Visit({ request, response, link, ports, settings })
    response.on('close', () => recordVisit(visit))
    return visit
  }

  return {
    claims: (request) => links.claims(request),
    handleRequest: (request, response) => serveShare(begin(request, response), steps),
    handleUpgrade(request, socket, head) {
      const visit = begin(request, createUpgradeResponse(request, socket))
      // node:http has stopped reading this request, so what it announced can never arrive.
      if (hasBody(request)) return answerError(visit, new AppError('request.malformed'))
      if (!isWebSocket(request)) return serveShare(visit, steps)
      serveShare(visit, { ...steps, forward: (allowed) => forwardUpgrade(allowed, { socket, head }) })
    },
    cutShare(shareId) {
      lookup.noteCut(shareId)
      liveShares.cut(shareId, new AppError('share.inactive'))
    },
    cutService(serviceId) {
      lookup.noteCut(serviceId)
      liveShares.cutService(serviceId, new AppError('share.inactive'))
    },
    whenCut: () => liveShares.whenCut(),
    get openCount() {
      return liveShares.openCount
    },
    close() {
      liveShares.cutAll(new AppError('hub.draining'))
      liveShares.close()
    },
  }
}
