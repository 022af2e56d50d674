const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** `in 3 hours`, `yesterday`, `just now`; `nowMs` is when it is read. */
export function tellTime(iso: string, nowMs: number): string {
  const differenceMs = Date.parse(iso) - nowMs
  for (const [unit, unitMs] of units) {
    if (Math.abs(differenceMs) >= unitMs) return relative.format(Math.round(differenceMs / unitMs), unit)
  }
  return differenceMs > 0 ? 'in a moment' : 'just now'
}

/** The same of what has happened, which is never told as to come: clocks differ, and the time of a screen moves in steps. */
export function tellPast(iso: string, nowMs: number): string {
  return tellTime(iso, Math.max(nowMs, Date.parse(iso)))
}

/** A moment in the reader's own time. */
export function writeTime(iso: string): string {
  return absolute.format(new Date(iso))
}
