import type { DesktopState } from '@private-connect/ui/desktop'

/** The one copy of what tray and window show. */
export interface StateStore {
  get(): DesktopState
  /** Tells listeners where something has changed. */
  update(patch: Partial<DesktopState>): void
  subscribe(listener: (state: DesktopState) => void): () => void
}

export function createStateStore(initial: DesktopState): StateStore {
  let state = initial
  const listeners = new Set<(state: DesktopState) => void>()
  return {
    get: () => state,
    update(patch) {
      const next = { ...state, ...patch }
      if (JSON.stringify(next) === JSON.stringify(state)) return
      state = next
      // A listener that changes the state has told the others already.
      for (const listener of listeners) if (state === next) listener(next)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
