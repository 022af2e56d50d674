import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { networkOf } from '@private-connect/network'

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
/** Of a mark, in hex digits: the id, then what proves that it was made here. */
export const markLength = idLength + checkLength
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
