import { AppError } from '@private-connect/errors'

interface CookieWrite {
  readonly method: string
  readonly secFetchSite: string | undefined
  readonly origin: string | undefined
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes with a browser's cookie that another site makes (SPEC §3). Browsers always send one of the two
 * headers on a write; curl sends neither, and is allowed because nobody can make a victim's curl send a cookie.
 * @throws AppError auth.cross_site
 */
export function refuseCrossSiteWrite(request: CookieWrite, ownOrigin: string): void {
  if (safeMethods.has(request.method)) return
  const { secFetchSite, origin } = request
  const isOurs =
    secFetchSite === undefined ? origin === undefined || origin === ownOrigin : secFetchSite === 'same-origin'
  if (!isOurs) throw new AppError('auth.cross_site')
}
