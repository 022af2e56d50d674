import type { ServerResponse } from 'node:http'
import type { ResponseHead } from '../upstream/response-head.ts'

/** Longer ones are not hints that anybody needs, and each piece below stays cheap. */
const valueMax = 4_096
/**
 * Links without ambiguity. node:http checks links by an expression that takes time exponential in their parameters where it
 * fails, so that one answer of an app would stop the hub; it gets only what that expression matches at first sight.
 */
const plainLink = /^<[^<>\s"`]*>(?:; ?[\w*-]+(?:=(?:"[^;"\s`=]*"|[^;"\s`=]+))?)*$/

/**
 * Passes an upstream's 103 on (RFC 8297): its links, the only thing in it that anybody acts on. Other informational
 * answers end here, as they are about this hop; so does what node:http would not send.
 */
export function relayEarlyHints(response: ServerResponse, { statusCode, rawHeaders }: ResponseHead): void {
  const { req } = response
  if (statusCode !== 103 || response.headersSent || req.httpVersionMinor === 0) return
  const links = readLinks(rawHeaders)
  if (links.length === 0) return
  try {
    response.writeEarlyHints({ link: links })
  } catch {
    // A link that node:http finds malformed: a hint is only that.
  }
}

/** One link for each value; a header may hold several. */
function readLinks(raw: readonly string[]): string[] {
  const links: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const value = raw[at + 1] ?? ''
    if (raw[at]?.toLowerCase() !== 'link' || value.length > valueMax) continue
    links.push(...value.split(/,\s*(?=<)/).map((link) => link.trim()))
  }
  return links.filter((link) => plainLink.test(link))
}
