import { speechOf } from '../dial/target-speech.ts'
import type { Visit } from '../visit.ts'

/** The origin under which the visitor's browser knows the share; the hub's own in path form. */
function publicOrigin(visit: Visit): string {
  return `${visit.visitor.scheme}://${visit.host.toLowerCase()}`
}

/** The share's own origin becomes the target's, so that a dev server's origin check passes; any other stays what it is. */
export function mapOrigin(value: string, visit: Visit): string {
  return value.toLowerCase() === publicOrigin(visit) ? targetOrigin(visit) : value
}

/**
 * The host that the app is told the visitor asked for. Frameworks guard their forms by comparing Origin with it (Next.js,
 * React Router) or with Host (SvelteKit, Django); a request whose Origin became the target's names the target here too,
 * so that either comparison holds.
 */
export function mapForwardedHost(visit: Visit): string {
  const { origin } = visit.request.headers
  const isOwn = origin !== undefined && origin.toLowerCase() === publicOrigin(visit)
  return isOwn ? visit.rules.targetAuthority : visit.host
}

/**
 * A Referer below the share becomes one below the target. From the rest of the hub's origin only the target's origin
 * is left: it may be another share's path form, which is that share's token. A share's host in it goes altogether.
 */
export function mapReferer(value: string, visit: Visit): string | null {
  const origin = publicOrigin(visit)
  const rest = value.slice(origin.length)
  if (value.slice(0, origin.length).toLowerCase() === origin && (rest === '' || rest.startsWith('/'))) {
    const own = `${visit.link.prefix}/`
    return `${targetOrigin(visit)}/${rest.startsWith(own) ? rest.slice(own.length) : ''}`
  }
  return /share[-_]tok[-_]/i.test(value) ? null : value
}

/** `Access-Control-Allow-Origin`, the other way round. */
export function unmapOrigin(value: string, visit: Visit): string {
  return visit.rules.targetOrigins.includes(value.toLowerCase()) ? publicOrigin(visit) : value
}

/**
 * `Location` as the visitor must follow it. Only what names the target, or its root path, is mapped; absolute, because
 * a path such as `//evil.example` would be a host of its own.
 */
export function unmapLocation(value: string, visit: Visit): string | null {
  if (/^\s*(?:javascript|data|vbscript):/i.test(value)) return null
  const { prefix } = visit.link
  if (value.startsWith('/') && !value.startsWith('//') && !value.startsWith('/\\')) return `${prefix}${value}`
  const own = originOf(value)
  if (own === null) return value
  const rest = rootedPath(value.slice(own.length))
  if (visit.rules.targetOrigins.includes(own)) return `${publicOrigin(visit)}${prefix}${rest}`
  // An app that believes X-Forwarded-Host names the hub itself where it means the share.
  const isOwnHost = prefix !== '' && own === publicOrigin(visit) && !rest.startsWith(`${prefix}/`)
  return isOwnHost ? `${own}${prefix}${rest}` : value
}

function originOf(value: string): string | null {
  return /^https?:\/\/[^/?#\\@]+(?=[/?#]|$)/i.exec(value)?.[0].toLowerCase() ?? null
}

function rootedPath(rest: string): string {
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** With the scheme that the target speaks, as far as that is known. */
function targetOrigin({ rules, ports }: Visit): string {
  const { grant, targetOrigins } = rules
  const isTls = grant.service.protocol === 'auto' && speechOf(ports.dial).known(grant.service) === true
  return (isTls ? targetOrigins.find((origin) => origin.startsWith('https:')) : targetOrigins[0]) ?? ''
}
