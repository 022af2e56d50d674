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
  /** Whether it presents a credential in a header of its own, not by a cookie. */
  readonly hasHeaderCredential: boolean
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
 * wherever it began, since a page of ours can be made to navigate. Electron's network stack says `none` and `no-cors` of what a
 * program asks by itself, but browsers say so too of what they fetch for a person (a link that is saved, an extension's call): only
 * a credential in a header shows that it is a program, since no such fetch carries one.
 * @throws AppError auth.cross_site
 */
export function refuseCrossSiteCall(request: SignInCall, ownOrigin: string): void {
  const { origin, secFetchSite, secFetchMode, hasHeaderCredential } = request
  const isOfNoSite = secFetchSite === 'none' && secFetchMode === 'no-cors' && origin === undefined
  if (secFetchMode === 'navigate' || !((isOfNoSite && hasHeaderCredential) || isOurs(request, ownOrigin))) {
    throw new AppError('auth.cross_site')
  }
}

function isOurs({ secFetchSite, origin }: BrowserCall, ownOrigin: string): boolean {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin'
  return origin === undefined || origin === ownOrigin
}
