import type { ResponseFraming } from '../../upstream/response-framing.ts'
import type { ResponseHead } from '../../upstream/response-head.ts'
import type { Visit } from '../../visit.ts'
import { withBanner } from './banner-headers.ts'
import { asksForPage, isPage } from './carries-banner.ts'
import { PageRelay } from './page-relay.ts'

export interface PageAnswer {
  readonly head: ResponseHead
  readonly framing: ResponseFraming
  /** For the visitor, as they are without a banner; changed in place where they depend on it. */
  readonly headers: string[]
  readonly reason: string | undefined
}

/** The relay for an answer that may carry the banner; null where it passes as it is. */
export function openPage(visit: Visit, { head, framing, headers, reason }: PageAnswer): PageRelay | null {
  const { grant } = visit.rules
  if (!grant.showsBranding || !isPage(head)) return null
  // A script that fetches the page must not get the one that was navigated to out of the browser's cache.
  headers.push('Vary', 'Sec-Fetch-Dest')
  const changed = asksForPage(visit) ? withBanner(headers) : null
  if (changed === null) return null
  if (visit.method === 'HEAD') {
    // Says nothing that GET would not.
    headers.splice(0, headers.length, ...changed)
    return null
  }
  return new PageRelay({
    response: visit.response,
    workspaceName: grant.workspaceName,
    mustBeginAsPage: visit.request.headers['sec-fetch-dest'] === undefined,
    promisedBytes: framing.bytes,
    writeHead(hasBanner, lengthBytes) {
      const length = lengthBytes === null ? [] : ['Content-Length', String(lengthBytes)]
      visit.response.writeHead(head.statusCode, reason, hasBanner ? [...changed, ...length] : headers)
    },
  })
}
