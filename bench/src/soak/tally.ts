import type { Disturbances } from './disturbances.ts'

/** A response or a byte that belongs to another request: never excused. */
export class CrossedError extends Error {
  override readonly name = 'CrossedError'
}

export interface Tally {
  readonly completed: Record<string, number>
  readonly crossed: string[]
  readonly failedUnexcused: string[]
  failedExcused: number
  /** Runs one exchange and notes how it ended; resolves with whether it went well. */
  run(kind: string, exchange: () => Promise<void>): Promise<boolean>
}

/** Counts what happened; `kinds` must all occur at least once for the soak to mean anything. */
export function createTally(kinds: readonly string[], disturbances: Disturbances): Tally {
  const tally: Tally = {
    completed: Object.fromEntries(kinds.map((kind) => [kind, 0])),
    crossed: [],
    failedUnexcused: [],
    failedExcused: 0,
    run: async (kind, exchange) => {
      const startMs = performance.now()
      try {
        await exchange()
        tally.completed[kind] = (tally.completed[kind] ?? 0) + 1
        return true
      } catch (error) {
        const text = `${kind}: ${(error as Error).message}`
        if (error instanceof CrossedError) tally.crossed.push(text)
        else if (disturbances.excuses(startMs, performance.now())) tally.failedExcused += 1
        else tally.failedUnexcused.push(text)
        return false
      }
    },
  }
  return tally
}
