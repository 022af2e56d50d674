const spanMs = 60_000
const crashesMax = 3

/** Lets a window come back after a crash, but not one that does nothing but crash. */
export function createCrashBrake(nowMs: () => number): { allows(): boolean } {
  let crashes: readonly number[] = []
  return {
    allows() {
      const now = nowMs()
      crashes = [...crashes.filter((atMs) => now - atMs < spanMs), now]
      return crashes.length <= crashesMax
    },
  }
}
