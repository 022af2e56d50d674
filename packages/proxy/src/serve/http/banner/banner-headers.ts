import { bannerStyleHash } from './banner-markup.ts'
import { allowStyleInHeader } from './style-policy.ts'

/** What describes the bytes that the app sent, and no longer holds for others. */
const bound: ReadonlySet<string> = new Set([
  'content-length',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'etag',
  'last-modified',
  'accept-ranges',
])
const policies: ReadonlySet<string> = new Set([
  'content-security-policy',
  'content-security-policy-report-only',
])

/**
 * The headers of a page with the banner: nothing is said of its bytes that held for the app's own, and its policies allow
 * one style more. Null where a policy allows no banner. Without validators a page is never revalidated: an answer of 304
 * would bring the app's own policy to a stored page that needs another.
 */
export function withBanner(headers: readonly string[]): string[] | null {
  const changed: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    if (bound.has(name)) continue
    const value = headers[at + 1] ?? ''
    const allowed = policies.has(name) ? allowStyleInHeader(value, bannerStyleHash) : value
    if (allowed === null && name === 'content-security-policy') return null
    changed.push(headers[at] ?? '', allowed ?? value)
  }
  return changed
}
