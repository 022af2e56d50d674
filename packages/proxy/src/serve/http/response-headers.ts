import type { Visit } from '../visit.ts'
import {
  createHeaderFilter,
  dropNominated,
  hopByHop,
  readNominated,
  remove,
  type HeaderPass,
} from './header-filter.ts'
import { keepPrivate } from './cache-control.ts'
import { unmapLocation, unmapOrigin } from './map-origin.ts'
import { unmapSetCookie } from './map-set-cookie.ts'
import { keepTrailers } from './trailers.ts'
import { markVisitor } from '../visitor/identify-visitor.ts'

const strip: readonly HeaderPass<Visit>[] = [
  remove('headers of this hop', hopByHop),
  // They speak for the whole host or for hosts above it, where the app is a guest.
  remove('powers over the host', [
    'alt-svc',
    'clear-site-data',
    'service-worker-allowed',
    'strict-transport-security',
    'nel',
    'report-to',
  ]),
  remove('what the hub says itself', ['x-robots-tag', 'referrer-policy']),
  // They make a proxy in front fetch another address or file in the visitor's place; only to ask it not to buffer is fair.
  remove('orders to a proxy in front', [
    'x-accel-redirect',
    'x-accel-expires',
    'x-accel-limit-rate',
    'x-accel-charset',
    'x-sendfile',
    'x-lighttpd-send-file',
  ]),
  // RFC 9213 and its forerunners: rules for shared caches alone, over Cache-Control.
  remove(
    'what only shared caches read',
    (name) => name === 'surrogate-control' || name.endsWith('cdn-cache-control'),
  ),
  { title: 'caches', concerns: (name) => name === 'cache-control', rule: keepPrivate },
  {
    title: 'redirects',
    concerns: (name) => name === 'location' || name === 'content-location',
    rule: unmapLocation,
  },
  {
    title: 'cookies',
    concerns: (name) => name === 'set-cookie',
    rule: (value, visit) => unmapSetCookie(value, visit.link.prefix),
  },
  { title: 'CORS', concerns: (name) => name === 'access-control-allow-origin', rule: unmapOrigin },
]

const filter = createHeaderFilter(strip)

/** A page on the hub's own origin runs without that origin's powers. */
const sandbox = 'sandbox allow-scripts allow-forms allow-popups allow-downloads'

/** The headers for the visitor, raw: first everything that must go, then what the hub itself says. */
export function buildResponseHeaders(raw: readonly string[], visit: Visit): string[] {
  const headers: string[] = []
  filter(raw, headers, visit)
  dropNominated(headers, readNominated(findHeader(raw, 'connection')))
  if (findHeader(headers, 'cache-control') === undefined) headers.push('Cache-Control', 'private')
  headers.push('X-Robots-Tag', 'noindex')
  headers.push('Referrer-Policy', strictReferrerPolicy(findHeader(raw, 'referrer-policy')))
  if (visit.link.form === 'path') headers.push('Content-Security-Policy', sandbox)
  const mark = markVisitor(visit, (name) => findHeader(raw, name))
  if (mark !== null) headers.push('Set-Cookie', mark)
  return headers
}

/** What of an answer's trailers goes on, in pairs, to a visitor who said that it takes any. */
export function buildResponseTrailers(raw: readonly string[], visit: Visit): [string, string][] {
  if (!/(?:^|[\s,])trailers(?:[\s,;]|$)/i.test(String(visit.request.headers.te ?? ''))) return []
  const trailers: string[] = []
  filter(raw, trailers, visit)
  keepTrailers(trailers)
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < trailers.length; at += 2) pairs.push([trailers[at] ?? '', trailers[at + 1] ?? ''])
  return pairs
}

/** The host is the token, so it may never reach another origin; an app may only ask for less. */
function strictReferrerPolicy(upstream: string | undefined): string {
  return upstream?.trim().toLowerCase() === 'no-referrer' ? 'no-referrer' : 'same-origin'
}

/** The value of a header of the given lower-case name; of several, all of them. */
export function findHeader(raw: readonly string[], name: string): string | undefined {
  let found: string | undefined
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const candidate = raw[at] ?? ''
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue
    found = found === undefined ? raw[at + 1] : `${found}, ${raw[at + 1] ?? ''}`
  }
  return found
}
