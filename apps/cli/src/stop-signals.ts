export interface StopSignals {
  /** Aborted by the first Ctrl-C, SIGTERM or closed terminal. */
  readonly signal: AbortSignal
  /** Asks to stop, as a signal does. */
  readonly stop: () => void
}

/** The first signal asks the program to leave cleanly; the second one, of a user who does not want to wait, ends it at once. */
export function listenForStop(): StopSignals {
  const controller = new AbortController()
  const exitCodeOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodeOf[name])
      controller.abort()
    })
  }
  return { signal: controller.signal, stop: () => controller.abort() }
}
