export interface Cleanups {
  /** To be run at the end, before what was added earlier. */
  add(cleanup: () => Promise<void>): void
  /** Runs all, also when one fails; throws the first failure afterwards. */
  run(): Promise<void>
}

/** What has been acquired is given back in reverse order, however far things had got. */
export function createCleanups(): Cleanups {
  const pending: Array<() => Promise<void>> = []
  return {
    add: (cleanup) => void pending.push(cleanup),
    async run() {
      const failures: unknown[] = []
      for (const cleanup of pending.splice(0).toReversed()) {
        await cleanup().catch((cause: unknown) => void failures.push(cause))
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
