import type { Visit } from '../visit.ts'

const cutsPerTick = 256
/** What cutting may take of one turn of the event loop; closing what was cut takes about as much again. */
const tickBudgetMs = 2
/** A share with few visits does not wait behind one with thousands. */
const cutsPerTurn = 16

interface Cut {
  readonly visits: readonly Visit[]
  readonly reason: Error
  /** The upstream's sides have all been ended. */
  readonly onStopped: () => void
  /** Counts through the visits twice: first their upstream sides, then their visitors'. */
  at: number
}

export interface CutQueue {
  /** Begins at once, and ends as much as one turn of the event loop may. */
  add(cut: Omit<Cut, 'at'>): void
  /** Resolves once nothing waits to be ended. */
  whenEmpty(): Promise<void>
}

/**
 * Ends visits, a batch in each turn of the event loop and all shares in turn, so that visitors of other shares hardly
 * notice: 10,000 at once stopped the hub for a second. The upstreams' sides go first: ending one costs a frame, and
 * its agent can work on it while the visitors' sockets are closed.
 */
export function createCutQueue(nowMs: () => number = () => performance.now()): CutQueue {
  const cuts: Cut[] = []
  let isScheduled = false
  const waiting: (() => void)[] = []

  function runTurn(): void {
    const endMs = nowMs() + tickBudgetMs
    for (let done = 0; done < cutsPerTick && cuts.length > 0 && nowMs() < endMs; done += cutsPerTurn) {
      const cut = cuts.shift()
      if (cut !== undefined && !advance(cut)) cuts.push(cut)
    }
    if (cuts.length === 0) {
      for (const resolve of waiting.splice(0)) resolve()
      return
    }
    if (isScheduled) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      runTurn()
    })
  }

  return {
    add(cut) {
      cuts.push({ ...cut, at: 0 })
      if (!isScheduled) runTurn()
    },
    async whenEmpty() {
      if (cuts.length > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}

/** One share's turn; true when it has nothing left. */
function advance(cut: Cut): boolean {
  const { visits, reason } = cut
  const end = Math.min(2 * visits.length, cut.at + cutsPerTurn)
  for (; cut.at < end; cut.at += 1) {
    if (cut.at < visits.length) visits[cut.at]?.end(reason)
    else visits[cut.at - visits.length]?.closeVisitor(reason)
    if (cut.at === visits.length - 1) cut.onStopped()
  }
  return cut.at >= 2 * visits.length
}
