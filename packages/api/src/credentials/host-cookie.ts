import { readCookieValues } from './read-cookie.ts'

/**
 * Beside `session`, on https. With the prefix a browser takes a cookie only from this very host, whereas `session` can be
 * planted by a share's page on a sister domain: to sign its visitor in to a stranger's account, or out of his own.
 */
export const hostCookieName = '__Host-session'

export interface CookieSender {
  readonly hubOrigin: string
  /** `Sec-Fetch-Site`, which browsers always send and nothing else does. */
  readonly secFetchSite: string | undefined
}

/**
 * A Cookie header in which `session` is what this host itself has set: of a browser on https only the host's own cookie
 * counts. Programs such as curl are asked for no more than the documented cookie.
 */
export function keepHostCookies(header: string, { hubOrigin, secFetchSite }: CookieSender): string {
  if (!hubOrigin.startsWith('https:')) return header
  const own = readCookieValues(header, hostCookieName)
  if (own.length === 0 && secFetchSite === undefined) return header
  const others = header.split(';').filter((pair) => {
    const name = pair.split('=', 1)[0]?.trim()
    return name !== 'session' && name !== hostCookieName
  })
  return [...others, ...own.map((value) => ` session=${value}`)].join(';').trim()
}
