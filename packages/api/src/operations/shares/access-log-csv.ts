import type { AccessLogEntry } from '../../contracts/index.ts'

const columns = [
  'id',
  'shareId',
  'timestamp',
  'ipAddress',
  'userAgent',
  'method',
  'path',
  'statusCode',
  'latencyMs',
  'bytesIn',
  'bytesOut',
  'denied',
  'visitorId',
  'suppressedCount',
] as const satisfies readonly (keyof AccessLogEntry)[]

export const csvHeader = `${columns.join(',')}\r\n`

/** One line of CSV (RFC 4180). */
export function toCsvLine(entry: AccessLogEntry): string {
  return `${columns.map((column) => toCsvField(entry[column])).join(',')}\r\n`
}

/** What a spreadsheet takes for the beginning of a formula, in either width (OWASP, CSV Injection). */
const formulaStart = /^[\t\r\n ]*[=+\-@＝＋－＠|%]/u

/** A visitor chose the text: where a spreadsheet would run it, an apostrophe in front makes it text again. */
function toCsvField(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = formulaStart.test(value) ? `'${value}` : value
  return /[",\r\n\t]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
