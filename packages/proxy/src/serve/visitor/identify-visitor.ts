import type { Visit } from '../visit.ts'
import { markLength } from './visitor-ids.ts'

const cookieName = 'pc_visitor'
/** A credential of the hub by its form, so that it is kept from upstreams and masked in logs like every other. */
const markStart = 'visitor_tok_'
const markCookie = new RegExp(
  `(?:^|;)\\s*(__Host-)?${cookieName}=${markStart}([0-9a-f]{${markLength}})\\s*(?=;|$)`,
)
/** As long as the access log is kept by default. */
const markSeconds = 90 * 24 * 3600

/** What a request says of its visitor. */
interface Clues {
  readonly shareId: string
  readonly address: string
  readonly userAgent: string | undefined
  readonly cookie: string | undefined
}

/** Most requests come on a connection that has just had one of the same visitor: comparing costs a tenth of looking up. */
const lastOfConnection = new WeakMap<object, { readonly clues: Clues; readonly id: string }>()

/** The visitor's id for the record: of the mark that it brought or was given, otherwise of address and user agent. */
export function visitorIdOf(visit: Visit): string {
  if (visit.visitorId !== null) return visit.visitorId
  const { socket, headers } = visit.request
  const shareId = visit.rules.grant.id
  const { address } = visit.visitor
  const clues = { shareId, address, userAgent: headers['user-agent'], cookie: headers.cookie }
  const last = lastOfConnection.get(socket)
  if (last !== undefined && isAlike(last.clues, clues)) return last.id
  const id = readMark(visit) ?? visit.settings.visitorIds.guess(shareId, address, clues.userAgent ?? '')
  lastOfConnection.set(socket, { clues, id })
  return id
}

function isAlike(a: Clues, b: Clues): boolean {
  return (
    a.userAgent === b.userAgent && a.cookie === b.cookie && a.address === b.address && a.shareId === b.shareId
  )
}

function readMark(visit: Visit): string | null {
  const { cookie } = visit.request.headers
  if (visit.link.form !== 'subdomain' || cookie?.includes(markStart) !== true) return null
  const [, prefix, mark] = markCookie.exec(cookie) ?? []
  // Where browsers keep `__Host-` to this very host, a cookie of the plain name may come from a neighbour.
  if (mark === undefined || (visit.visitor.scheme === 'https' && prefix === undefined)) return null
  return visit.settings.visitorIds.read(visit.rules.grant.id, mark)
}

/** A header of the upstream's answer. */
type FindHeader = (name: string) => string | undefined

/**
 * The `Set-Cookie` that marks a visitor who has no mark yet, null for everybody else. With a page that a browser shows in
 * its window only, which is what keeps cookies; and never with one that a cache may give to others.
 */
export function markVisitor(visit: Visit, find: FindHeader): string | null {
  if (visit.link.form !== 'subdomain' || visit.request.headers['sec-fetch-dest'] !== 'document') return null
  if (visit.method !== 'GET' || !isOwnPage(find) || readMark(visit) !== null) return null
  const { id, mark } = visit.settings.visitorIds.create(visit.rules.grant.id)
  visit.visitorId = id
  const isSecure = visit.visitor.scheme === 'https'
  const attributes = `Path=/; Max-Age=${markSeconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  return `${isSecure ? '__Host-' : ''}${cookieName}=${markStart}${mark}; ${attributes}`
}

function isOwnPage(find: FindHeader): boolean {
  const type = find('content-type') ?? ''
  const caching = find('cache-control') ?? ''
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(type) && !/\b(public|s-maxage)\b/i.test(caching)
}
