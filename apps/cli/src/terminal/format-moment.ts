const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** An ISO time in the user's own zone and how far it is away: `2026-03-09 10:00 (in 7 days)`. */
export function formatMoment(isoTime: string, nowMs: number): string {
  const time = new Date(isoTime)
  const pad = (value: number): string => String(value).padStart(2, '0')
  const date = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
  return `${date} ${pad(time.getHours())}:${pad(time.getMinutes())} (${formatDistance(time.getTime() - nowMs)})`
}

function formatDistance(distanceMs: number): string {
  const away = Math.abs(distanceMs)
  const [name, unitMs] = units.find(([, size]) => away >= size - 30_000) ?? (['minute', 60_000] as const)
  const count = Math.round(away / unitMs)
  if (count === 0) return 'now'
  const amount = `${count} ${name}${count === 1 ? '' : 's'}`
  return distanceMs > 0 ? `in ${amount}` : `${amount} ago`
}
