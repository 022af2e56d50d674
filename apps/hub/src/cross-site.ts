import { AppError } from '@private-connect/errors'

interface BrowserCall {
  readonly secFetchSite: string | undefined
  readonly origin: string | undefined
}

interface CookieWrite extends BrowserCall {
  readonly method: string
}

interface SignInCall extends BrowserCall {
  readonly secFetchMode: string | undefined
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes with a browser's cookie that another site makes (SPEC §3). Browsers always send one of the two
 * headers on a write; curl sends neither, and is allowed because nobody can make a victim's curl send a cookie.
 * @throws AppError auth.cross_site
 */
export function refuseCrossSiteWrite(request: CookieWrite, ownOrigin: string): void {
  if (safeMethods.has(request.method)) return
  if (!isOurs(request, ownOrigin)) throw new AppError('auth.cross_site')
}

/**
 * Refuses calls that a page of ours did not make, reads too: what signs in must not be reached by another site's link,
 * image or redirect, or that site could sign its visitor in to an account of its own choice. A navigation is refused
 * wherever it began, since a page of ours can be made to navigate. What no site made and is no navigation is a program's own
 * call: Electron's network stack says `none` and `no-cors`, and no page can have a browser say `none` of anything but a navigation.
 * @throws AppError auth.cross_site
 */
export function refuseCrossSiteCall(request: SignInCall, ownOrigin: string): void {
  const { origin, secFetchSite, secFetchMode } = request
  const isOfNoSite = secFetchSite === 'none' && secFetchMode === 'no-cors' && origin === undefined
  if (secFetchMode === 'navigate' || !(isOfNoSite || isOurs(request, ownOrigin))) {
    throw new AppError('auth.cross_site')
  }
}

function isOurs({ secFetchSite, origin }: BrowserCall, ownOrigin: string): boolean {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin'
  return origin === undefined || origin === ownOrigin
}
