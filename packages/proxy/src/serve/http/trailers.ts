/**
 * What a receiver might act on as if it had come in the head, where it was not looked at by anybody (RFC 9110 §6.5.1):
 * framing, routing, authentication, conditions, the description of the content, and what browsers are ruled by.
 */
const forbidden: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'clear-site-data',
  'cookie',
  'date',
  'expect',
  'expires',
  'host',
  'link',
  'location',
  'max-forwards',
  'origin',
  'pragma',
  'range',
  'referer',
  'refresh',
  'retry-after',
  'set-cookie',
  'upgrade',
  'vary',
  'via',
  'warning',
  'www-authenticate',
])
const forbiddenKinds =
  /^(?:content-(?!digest$)|access-control-|authentication-|cross-origin-|if-|permissions-|proxy-|sec-|strict-|x-forwarded-|x-content-|x-frame-)/

/** Whether a field may stand behind a body; what may not stand in the head either is for others to remove. */
function mayTrail(name: string): boolean {
  const lower = name.toLowerCase()
  return !forbidden.has(lower) && !forbiddenKinds.test(lower)
}

/** Removes in place what may not stand behind a body. */
export function keepTrailers(headers: string[]): string[] {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if (!mayTrail(headers[at] ?? '')) headers.splice(at, 2)
  }
  return headers
}
