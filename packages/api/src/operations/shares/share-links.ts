import type { ApiPorts } from '../../context.ts'

/** What links are made of. */
export type LinkPorts = Pick<ApiPorts, 'linkUrl' | 'shareDomain'>

/** `<LINK_URL>/shared/<token>`, the link that visitors get. */
export function shareUrlOf({ linkUrl }: LinkPorts, token: string): string {
  return `${linkUrl}/shared/${token}`
}

/**
 * The share on a host of its own, with hyphens: an underscore is not legal in a TLS wildcard's label.
 * Null while the hub has no share domain.
 */
export function subdomainUrlOf({ linkUrl, shareDomain }: LinkPorts, token: string): string | null {
  if (shareDomain === null) return null
  const scheme = linkUrl.startsWith('https:') ? 'https' : 'http'
  return `${scheme}://${token.replaceAll('_', '-')}.${shareDomain}/`
}
