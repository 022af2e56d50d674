/** Who wants to be heard of every so often. */
export interface Heartbeat {
  /** Answers how to stop. */
  add(beat: () => void): () => void
  close(): void
}

const slotCount = 15

/** One timer for any number of streams. They take turns, so that thousands of them do not all write at once. */
export function createHeartbeat(everyMs: number): Heartbeat {
  const slots = Array.from({ length: slotCount }, () => new Set<() => void>())
  let [now, next] = [0, 0]
  const timer = setInterval(() => {
    now = (now + 1) % slotCount
    for (const beat of slots[now] ?? []) beat()
  }, everyMs / slotCount).unref()
  return {
    add(beat) {
      // Its first turn comes after a whole round at the latest, as all others do.
      next = (next + 1) % slotCount
      const slot = slots[next]
      slot?.add(beat)
      return () => void slot?.delete(beat)
    },
    close: () => clearInterval(timer),
  }
}
