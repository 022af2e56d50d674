export interface KeepTrayOptions {
  /** Shows the icon; answers how to take it away. */
  readonly open: () => () => void
  /** Whether the system shows icons, now or within that time. */
  readonly hasHost: (patienceMs: number, signal: AbortSignal) => Promise<boolean>
}

/**
 * Shows the icon at once, and once more where the system's tray comes up later, as at login: Electron offers an icon only once, and
 * falls back to the old kind where nobody takes it. Answers how to take it away.
 */
export function keepTray({ open, hasHost }: KeepTrayOptions): () => void {
  const stopping = new AbortController()
  let close = open()

  async function openAgain(): Promise<void> {
    if (await hasHost(0, stopping.signal)) return
    const hasCome = await hasHost(Infinity, stopping.signal)
    if (!hasCome || stopping.signal.aborted) return
    close()
    close = open()
  }

  void openAgain()
  return () => {
    stopping.abort()
    close()
  }
}
