import type { Visit } from '../visit.ts'
import { asksForPage } from './banner/carries-banner.ts'
import {
  createHeaderFilter,
  dropNominated,
  hopByHop,
  readNominated,
  remove,
  type HeaderPass,
} from './header-filter.ts'
import { dropCredentials, keepOtherCookies, mayHoldCredential } from './hub-credentials.ts'
import { mapForwardedHost, mapOrigin, mapReferer } from './map-origin.ts'
import { keepTrailers } from './trailers.ts'

const methodOverrides: ReadonlySet<string> = new Set([
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
])

/** Names by which reverse proxies tell an app who or what was asked for; only the hub may say so here. */
const proxyClaims = [
  'forwarded',
  'x-original-url',
  'x-original-uri',
  'x-original-host',
  'x-original-method',
  'x-rewrite-url',
  'x-host',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'x-shared-access',
  'x-share-name',
]

const strip: readonly HeaderPass<Visit>[] = [
  // `Host` becomes the target's, `Expect` was answered by the hub.
  remove('headers of this hop', [...hopByHop, 'host', 'expect']),
  // Many servers read X_Forwarded_For and X-Forwarded-For as one variable (GHSA and CVE-2025-64484).
  remove('names with an underscore', (name) => name.includes('_')),
  remove('claims of a proxy', [...proxyClaims]),
  remove(
    'claims of a proxy, by prefix',
    (name) => name.startsWith('x-forwarded-') || name.startsWith('x-pc-'),
  ),
  {
    title: 'method overrides, where methods are restricted',
    concerns: (name) => methodOverrides.has(name),
    rule: (value, visit) => (visit.rules.methods === null ? value : null),
  },
  { title: "the hub's cookies", concerns: (name) => name === 'cookie', rule: keepOtherCookies },
  { title: "the hub's credentials, by value", concerns: mayHoldCredential, rule: dropCredentials },
  { title: 'Origin', concerns: (name) => name === 'origin', rule: mapOrigin },
  { title: 'Referer', concerns: (name) => name === 'referer', rule: mapReferer },
]

const filter = createHeaderFilter(strip)

/** The headers for the upstream, raw: first everything that must go, then what the hub itself says. */
export function buildRequestHeaders(visit: Visit, connection: 'keep-alive' | 'Upgrade'): string[] {
  const { request, rules, visitor } = visit
  const headers: string[] = ['host', rules.targetAuthority, 'connection', connection]
  filter(request.rawHeaders, headers, visit)
  dropNominated(headers, readNominated(request.headers.connection))
  headers.push('x-forwarded-for', visitor.forwardedFor)
  headers.push('x-forwarded-host', mapForwardedHost(visit))
  headers.push('x-forwarded-proto', visitor.scheme)
  headers.push('x-shared-access', 'true')
  headers.push('x-share-name', rules.shareNameHeader)
  if (asksForPage(visit)) {
    if (request.headers['accept-encoding'] !== undefined) dropEncodings(headers)
    // The banner can only be put into a page that is not encoded.
    headers.push('accept-encoding', 'identity')
  }
  return headers
}

/** What of a request's trailers goes on to the upstream, raw. */
export function buildRequestTrailers(raw: readonly string[], visit: Visit): string[] {
  const trailers: string[] = []
  filter(raw, trailers, visit)
  return keepTrailers(trailers)
}

function dropEncodings(headers: string[]): void {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if ((headers[at] ?? '').toLowerCase() === 'accept-encoding') headers.splice(at, 2)
  }
}
