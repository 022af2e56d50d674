interface HeldPush<Value> {
  push(value: Value): void
  /** Answers how to stop listening. */
  listen(listener: (value: Value) => void): () => void
}

/** Passes on what is pushed. What came while nobody listened is not lost: the last of it goes to whoever listens first. */
export function holdLast<Value>(): HeldPush<Value> {
  const listeners = new Set<(value: Value) => void>()
  let held: readonly [Value] | null = null
  return {
    push(value) {
      held = listeners.size === 0 ? [value] : null
      for (const listener of listeners) listener(value)
    },
    listen(listener) {
      listeners.add(listener)
      const waiting = held
      held = null
      if (waiting !== null) listener(waiting[0])
      return () => void listeners.delete(listener)
    },
  }
}
