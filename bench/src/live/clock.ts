/** Milliseconds on the monotonic clock, which is the same one in every process of a machine. */
export function readClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
