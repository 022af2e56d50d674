import { AppError } from '@private-connect/errors'

interface CookieWrite {
  readonly method: string
  readonly hasCookieCredential: boolean
  readonly secFetchSite: string | undefined
  readonly origin: string | undefined
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes that another site makes with the browser's cookie (SPEC §3). Browsers always send one of the two
 * headers on a write; curl sends neither, and is allowed because nobody can make a victim's curl send a cookie.
 * @throws AppError auth.cross_site
 */
export function refuseCrossSiteWrite(request: CookieWrite, ownOrigins: readonly string[]): void {
  if (!request.hasCookieCredential || safeMethods.has(request.method)) return
  const { secFetchSite, origin } = request
  const isOurs =
    secFetchSite === undefined
      ? origin === undefined || ownOrigins.includes(origin)
      : secFetchSite === 'same-origin'
  if (!isOurs) throw new AppError('auth.cross_site')
}
