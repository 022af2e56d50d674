import type { IncomingMessage } from 'node:http'
import { labelOfToken } from '../share-token.ts'
import type { ShareLink } from '../share-link.ts'

/** An answer of the hub's own that is no error. */
export interface Redirect {
  readonly status: 307 | 308
  readonly location: string
}

export interface RedirectOptions {
  readonly shareDomain: string | null
  readonly scheme: 'http' | 'https'
}

/**
 * Where a request belongs instead: `/shared/<token>` gets its slash (relative links depend on it), and a page that a
 * browser navigates to goes to the share's own host, because on the hub's origin it could act as its signed-in visitor.
 */
export function redirectOf(
  request: IncomingMessage,
  link: ShareLink,
  options: RedirectOptions,
): Redirect | null {
  if (link.form !== 'path' || link.token === null) return null
  const { shareDomain, scheme } = options
  if (shareDomain !== null && isNavigation(request) && isReachable(shareDomain, request.headers.host ?? '')) {
    const location = `${scheme}://${labelOfToken(link.token)}.${shareDomain}${link.target}`
    return { status: 307, location }
  }
  return link.isSlashMissing ? { status: 308, location: `${link.prefix}${link.target}` } : null
}

function isNavigation(request: IncomingMessage): boolean {
  const mode = request.headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
}

/** Only the machine that the hub runs on resolves `*.localhost` to the hub. */
function isReachable(shareDomain: string, host: string): boolean {
  return !/(?:^|\.)localhost(?::\d+)?$/i.test(shareDomain) || isLoopbackHost(host)
}

function isLoopbackHost(host: string): boolean {
  return /^(?:(?:[^:]+\.)?localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host)
}
