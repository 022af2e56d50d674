import type { Visit } from '../visit.ts'

/**
 * The visits that are open, in no order. An array in which each knows its place, not a Set: V8 links each outgrown table
 * of a busy Set to its successor, so that one table of the old generation kept every later visit alive until the next
 * full collection. A quarter of all that was allocated survived, and garbage collection took a third of the time.
 */
export class OpenVisits {
  readonly #visits: Visit[] = []

  get size(): number {
    return this.#visits.length
  }

  add(visit: Visit): void {
    visit.place = this.#visits.push(visit) - 1
  }

  /** False when it is not among them. */
  delete(visit: Visit): boolean {
    const { place } = visit
    if (place < 0) return false
    visit.place = -1
    const last = this.#visits.pop()
    if (last === undefined || last === visit) return true
    this.#visits[place] = last
    last.place = place
    return true
  }

  /** As they are now; what is opened or ended meanwhile does not change the list. */
  list(): readonly Visit[] {
    return [...this.#visits]
  }
}
