import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { networkOf } from '@private-connect/network'
import type { Visit } from './visit.ts'

/** Who is behind a request, as far as that can be told: a word that stays the same and says nothing of them. */
export interface VisitorIds {
  /** The id that a mark carries; null for one that was not made here for this share. */
  read(shareId: string, mark: string): string | null
  /** A new visitor of a share: `mark` is for its cookie. */
  create(shareId: string): { readonly id: string; readonly mark: string }
  /** For visitors without a mark. It cannot be turned back, and differs from share to share. */
  guess(shareId: string, address: string, userAgent: string): string
}

const idBytes = 12
const idLength = 2 * idBytes
const checkLength = 32
/** Of each generation; what is forgotten is worked out again. */
const rememberedMax = 10_000
const userAgentLengthMax = 512

/** `key` is the hub's own secret: the same on all of its nodes, so that a visitor stays the same on each. */
export function createVisitorIds(key: Uint8Array): VisitorIds {
  const remembered = createMemory()
  const sign = createSigner(key)
  const check = (shareId: string, id: string): string => sign(`mark\0${shareId}\0${id}`).slice(0, checkLength)
  return {
    read(shareId, mark) {
      const id = mark.slice(0, idLength)
      const isOurs = remembered.get(`${shareId}\0${mark}`, () =>
        isSame(check(shareId, id), mark.slice(idLength)) ? id : '',
      )
      return isOurs === '' ? null : `visitor_${id}`
    },
    create(shareId) {
      const id = randomBytes(idBytes).toString('hex')
      return { id: `visitor_${id}`, mark: id + check(shareId, id) }
    },
    guess(shareId, address, userAgent) {
      const agent = userAgent.slice(0, userAgentLengthMax)
      const id = remembered.get(`${shareId}\0${address}\0${agent}`, () =>
        sign(`guess\0${shareId}\0${networkOf(address)}\0${agent}`).slice(0, idLength),
      )
      return `visitor_${id}`
    },
  }
}

/**
 * A keyed hash, in hex. NMAC (Bellare, Canetti, Krawczyk 1996), the construction that HMAC comes from: the two keys fill a
 * block each. Node's `createHmac` costs ten times its two one-shot hashes, and each new visitor needs one.
 */
function createSigner(key: Uint8Array): (message: string) => string {
  const [inner, outer] = ['inner', 'outer'].map((name) =>
    createHmac('sha256', key).update(name).digest('hex'),
  )
  return (message) => hash('sha256', outer + hash('sha256', inner + message))
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'))
}

/** Answers that were worked out lately; two generations, so that forgetting costs nothing. */
function createMemory() {
  let young = new Map<string, string>()
  let old = new Map<string, string>()
  return {
    get(key: string, work: () => string): string {
      const known = young.get(key)
      if (known !== undefined) return known
      const value = old.get(key) ?? work()
      if (young.size >= rememberedMax) {
        old = young
        young = new Map()
      }
      young.set(key, value)
      return value
    },
  }
}

const cookieName = 'pc_visitor'
/** A credential of the hub by its form, so that it is kept from upstreams and masked in logs like every other. */
const markStart = 'visitor_tok_'
const markCookie = new RegExp(
  `(?:^|;)\\s*(__Host-)?${cookieName}=${markStart}([0-9a-f]{${idLength + checkLength}})\\s*(?=;|$)`,
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
