import type { AccessLogEntry } from '@private-connect/api/contracts'
import type { Arrival } from '../sharing/watch-visitors.ts'
import type { Colors } from './colors.ts'
import { escapeText } from './escape-text.ts'

const pathLengthMax = 160

/** One visit as a line: time, method, path, status, latency, address, and why it was refused. */
export function formatVisitLine(entry: AccessLogEntry, colors: Colors): string {
  const parts = [
    colors.dim(formatClockTime(new Date(entry.timestamp))),
    colors.bold(escapeText(entry.method, 16).padEnd(6)),
    paintStatus(entry.statusCode, colors),
    escapeText(entry.path, pathLengthMax),
    colors.dim(formatLatency(entry.latencyMs)),
    colors.dim(escapeText(entry.ipAddress, 64)),
  ]
  if (entry.denied !== null) parts.push(colors.yellow(`refused: ${escapeText(entry.denied, 64)}`))
  if (entry.suppressedCount > 0) parts.push(colors.yellow(`and ${entry.suppressedCount} more like it`))
  return parts.join('  ')
}

/** A visitor as a line, before the first of their requests has ended: time, what came, address. */
export function formatArrivalLine(
  { timestamp, ipAddress, isBot, isReturning }: Arrival,
  colors: Colors,
): string {
  const who = isBot ? 'A bot' : 'A visitor'
  return [
    colors.dim(formatClockTime(new Date(timestamp))),
    colors.bold(`${who} ${isReturning ? 'came back' : 'came'}`),
    colors.dim(escapeText(ipAddress ?? 'unknown address', 64)),
  ].join('  ')
}

function paintStatus(status: number, colors: Colors): string {
  const text = String(status).padStart(3)
  if (status >= 500) return colors.red(text)
  if (status >= 400) return colors.yellow(text)
  return status >= 300 ? colors.cyan(text) : colors.green(text)
}

/** `12 ms`, `1.2 s`, `3 min`. */
export function formatLatency(latencyMs: number): string {
  if (latencyMs < 999.5) return `${Math.round(latencyMs)} ms`
  return latencyMs < 60_000 ? `${(latencyMs / 1000).toFixed(1)} s` : `${Math.round(latencyMs / 60_000)} min`
}

/** The user's own time of day, `09:05:01`. */
function formatClockTime(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
