import { timingSafeEqual } from 'node:crypto'
import { readCookieValues } from './read-cookie.ts'
import { hashToken, isToken } from './tokens.ts'

const lifetimeSeconds = 15 * 60

// With the prefix a browser takes the cookie only from this very host over https, so that a share's page on a sister
// domain cannot plant one. Without https there is no such promise to be had.
const nameAt = (hubOrigin: string): string => (hubOrigin.startsWith('https:') ? '__Host-sign-in' : 'sign-in')

/** `Set-Cookie` for the browser that asks for a sign-in link: the link then needs no further click in it. */
export function browserCookie(token: string, hubOrigin: string): string {
  return serialize(token, hubOrigin, lifetimeSeconds)
}

/** `Set-Cookie` that removes it. */
export function endedBrowserCookie(hubOrigin: string): string {
  return serialize('', hubOrigin, 0)
}

function serialize(value: string, hubOrigin: string, maxAgeSeconds: number): string {
  const secure = hubOrigin.startsWith('https:') ? '; Secure' : ''
  return `${nameAt(hubOrigin)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`
}

interface Browser {
  readonly cookieHeader: string
  readonly hubOrigin: string
}

/** Whether a request comes from the browser whose cookie was hashed. Two cookies of the name are no proof. */
export function isBrowserOf(hash: Uint8Array | null, { cookieHeader, hubOrigin }: Browser): boolean {
  const [token, ...others] = readCookieValues(cookieHeader, nameAt(hubOrigin))
  if (hash === null || token === undefined || others.length > 0 || !isToken('browser', token)) return false
  return timingSafeEqual(hashToken(token), hash)
}
