import { PlaceFinder, type PlaceRules } from './find-place.ts'

const heldBytesMax = 65_536
const spaces: ReadonlySet<number> = new Set(Buffer.from('\t\n\f\r '))

/**
 * Puts a banner into a page that passes in pieces. What it holds back are the bytes of a tag that has not ended, since
 * the banner may have to precede it; where that grows too long the page goes without.
 */
export class BannerInjector {
  /** Known once the banner was put in, or never will be. */
  isSettled = false
  isInjected = false
  readonly #banner: Buffer
  #finder: PlaceFinder | null
  #held: Buffer[] = []
  /** Where in the page the held bytes begin, and how many they are. */
  #heldFrom = 0
  #heldBytes = 0

  constructor(banner: Buffer, rules: PlaceRules) {
    this.#banner = banner
    this.#finder = new PlaceFinder(rules)
  }

  /** The pieces that can go on now. */
  take(piece: Buffer): Buffer[] {
    const finder = this.#finder
    if (finder === null) return [piece]
    this.#held.push(piece)
    this.#heldBytes += piece.length
    finder.take(piece.toString('latin1'))
    if (finder.place !== null) return this.#settle(finder)
    const out = this.#release(finder.undecidedFrom)
    return this.#heldBytes > heldBytesMax ? [...out, ...this.#settle(null)] : out
  }

  /** The page has ended: what is left of it. */
  finish(): Buffer[] {
    const finder = this.#finder
    finder?.finish()
    return finder === null ? [] : this.#settle(finder)
  }

  #settle(finder: PlaceFinder | null): Buffer[] {
    const place = finder?.place ?? 'nowhere'
    this.isSettled = true
    this.#finder = null
    if (place === 'nowhere') return this.#release(Number.POSITIVE_INFINITY)
    this.isInjected = true
    const before = this.#release(place.at)
    if (place.isBeforeText) before.push(...this.#release(this.#heldFrom + this.#countSpaces()))
    return [...before, this.#banner, ...this.#release(Number.POSITIVE_INFINITY)]
  }

  /** White space at the beginning of what is held. */
  #countSpaces(): number {
    const first = Buffer.concat(this.#held).findIndex((byte) => !spaces.has(byte))
    return Math.max(first, 0)
  }

  /** Lets go of the held bytes before an offset in the page. */
  #release(before: number): Buffer[] {
    const bytes = Math.min(this.#heldBytes, before - this.#heldFrom)
    if (bytes <= 0) return []
    const all = this.#held.length === 1 ? this.#held[0] : undefined
    const held = all ?? Buffer.concat(this.#held)
    this.#heldFrom += bytes
    this.#heldBytes -= bytes
    this.#held = this.#heldBytes === 0 ? [] : [held.subarray(bytes)]
    return [held.subarray(0, bytes)]
  }
}
