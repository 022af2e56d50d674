import type { IncomingHttpHeaders } from 'node:http'
import type { ResponseHead } from '../../upstream/response-head.ts'
import type { Visit } from '../../visit.ts'
import { findHeader } from '../response-headers.ts'

/** Sent by scripts that fetch pages or parts of them, also from origins where browsers send no Sec-Fetch headers. */
const scriptHeaders = ['x-requested-with', 'hx-request', 'turbo-frame', 'x-pjax', 'x-inertia', 'range']

/**
 * Whether the answer to a request may become what a visitor sees as a page: what a browser navigates to, or where that
 * is not said (curl, or a browser on an origin without TLS) what is asked for like one.
 */
export function asksForPage({ rules, request, method }: Visit): boolean {
  if (!rules.grant.showsBranding || (method !== 'GET' && method !== 'HEAD')) return false
  const { headers } = request
  const destination = headers['sec-fetch-dest']
  if (destination !== undefined && destination !== 'document') return false
  if (destination === undefined && !mayBeNavigation(headers)) return false
  return scriptHeaders.every((name) => headers[name] === undefined)
}

function mayBeNavigation(headers: IncomingHttpHeaders): boolean {
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined && mode !== 'navigate') return false
  const { accept } = headers
  return accept === undefined || /text\/(?:html|\*)|\*\/\*/i.test(accept)
}

/** Whether an answer is a page in which the banner can stand: whole, readable, and nobody forbade to transform it. */
export function isPage({ statusCode, rawHeaders }: ResponseHead): boolean {
  if (statusCode !== 200 || !isReadableHtml(findHeader(rawHeaders, 'content-type'))) return false
  const encoding = findHeader(rawHeaders, 'content-encoding')?.toLowerCase()
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') return false
  if (findHeader(rawHeaders, 'content-range') !== undefined) return false
  // RFC 9111 §5.2.2.6.
  return !/(?:^|[\s,])no-transform(?:[\s,]|$)/i.test(findHeader(rawHeaders, 'cache-control') ?? '')
}

/** Charsets in which markup is the same bytes as in ASCII; what is not listed may be anything. */
const asciiCompatible =
  /^(?:utf-?8|us-ascii|ascii|latin-?1|iso-?8859-\d{1,2}|(?:windows|cp)-?(?:125\d|874)|koi8-[ru]|macintosh|tis-620|gbk|gb2312|gb18030|big5|euc-(?:jp|kr)|shift[_-]jis)$/i

function isReadableHtml(contentType: string | undefined): boolean {
  if (contentType === undefined) return false
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim())
  if (type.toLowerCase() !== 'text/html') return false
  const charset = parameters.find((parameter) => /^charset\s*=/i.test(parameter))
  if (charset === undefined) return true
  return asciiCompatible.test(charset.slice(charset.indexOf('=') + 1).replace(/^[\s"']+|[\s"']+$/g, ''))
}
