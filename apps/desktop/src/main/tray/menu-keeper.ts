import type { MenuEntry } from './menu-entry.ts'

export interface MenuKeeperOptions {
  readonly build: () => readonly MenuEntry[]
  /** Puts the menu up. */
  readonly replace: (entries: readonly MenuEntry[]) => void
  /** How long somebody may read in a menu of which the system does not tell that it is closed. */
  readonly readingMs: number
}

/** Changes that come together make one menu. */
const gatherMs = 50
/** Minutes pass in labels. */
const everyMs = 30_000

/** Replaces the menu where it has changed, and not while somebody reads it: a menu that is replaced closes. */
export class MenuKeeper {
  readonly #options: MenuKeeperOptions
  readonly #minutes: NodeJS.Timeout
  #shown: string | null = null
  #isOpen = false
  #timer: NodeJS.Timeout | undefined
  #heldUntilMs = 0

  constructor(options: MenuKeeperOptions) {
    this.#options = options
    this.#minutes = setInterval(() => this.changed(), everyMs).unref()
  }

  /** Puts the first menu up. */
  show(): void {
    this.#update()
  }

  /** Something that the menu shows may have changed. */
  changed(): void {
    this.#schedule(gatherMs)
  }

  /** The menu, or a part of it, is about to be shown. */
  opened(): void {
    this.#isOpen = true
    this.#heldUntilMs = Date.now() + this.#options.readingMs
  }

  /** It is closed, as the system tells. */
  closed(): void {
    this.#isOpen = false
    this.changed()
  }

  /** Something was chosen, which closes it. A check box has changed by itself then: what is shown is not known any more. */
  chosen(): void {
    this.#shown = null
    this.closed()
  }

  close(): void {
    clearInterval(this.#minutes)
    clearTimeout(this.#timer)
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#update(), delayMs).unref()
  }

  #update(): void {
    const heldMs = this.#isOpen ? this.#heldUntilMs - Date.now() : 0
    if (heldMs > 0) return this.#schedule(heldMs)
    this.#isOpen = false
    const entries = this.#options.build()
    const next = JSON.stringify(entries)
    if (next === this.#shown) return
    this.#shown = next
    this.#options.replace(entries)
  }
}
