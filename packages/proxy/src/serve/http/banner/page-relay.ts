import type { ServerResponse } from 'node:http'
import { BannerInjector } from './inject-banner.ts'
import { bannerOf, bannerStyleHash } from './banner-markup.ts'
import { allowStyle } from './style-policy.ts'

export interface PageStart {
  readonly response: ServerResponse
  readonly workspaceName: string
  /** Nobody said that this is a page: its first bytes must. */
  readonly mustBeginAsPage: boolean
  /** The length that the app promises; infinite where it promises none. */
  readonly promisedBytes: number
  /** Writes the head, with the banner's headers or with the app's own. */
  writeHead(hasBanner: boolean, lengthBytes: number | null): void
}

/**
 * Passes a page on and puts the banner into it. Its head waits for the first bytes only as long as they are in the same
 * turn of the event loop: with them it is often known that no banner goes in, or the whole length.
 */
export class PageRelay {
  readonly #start: PageStart
  readonly #injector: BannerInjector
  #hasHead = false

  constructor(start: PageStart) {
    this.#start = start
    this.#injector = new BannerInjector(bannerOf(start.workspaceName), {
      mustBeginAsPage: start.mustBeginAsPage,
      allows: (policy) => allowStyle(policy, bannerStyleHash) === policy,
    })
    process.nextTick(() => this.#flushHead())
  }

  /** False when the visitor takes no more for now. */
  take(piece: Buffer): boolean {
    const pieces = this.#injector.take(piece)
    const isWhole = piece.length === this.#start.promisedBytes
    if (isWhole) pieces.push(...this.#injector.finish())
    this.#writeHead(isWhole ? lengthOf(pieces) : null)
    return this.#write(pieces)
  }

  finish(): void {
    const pieces = this.#injector.finish()
    this.#writeHead(lengthOf(pieces))
    this.#write(pieces)
    this.#start.response.end()
  }

  #write(pieces: readonly Buffer[]): boolean {
    const { response } = this.#start
    let isTaken = true
    if (pieces.length > 1) response.cork()
    for (const piece of pieces) isTaken = response.write(piece)
    if (pieces.length > 1) response.uncork()
    return isTaken
  }

  #writeHead(lengthBytes: number | null): void {
    if (this.#hasHead) return
    this.#hasHead = true
    const { isSettled, isInjected } = this.#injector
    this.#start.writeHead(isInjected || !isSettled, lengthBytes)
  }

  #flushHead(): void {
    const { response } = this.#start
    // An error may have been answered in place of the page.
    if (this.#hasHead || response.headersSent || response.destroyed) return
    this.#writeHead(null)
    response.flushHeaders()
  }
}

function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}
