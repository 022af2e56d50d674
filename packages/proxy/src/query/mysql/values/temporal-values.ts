import { columnType, type ColumnDefinition } from './column-type.ts'

type TemporalColumn = Pick<ColumnDefinition, 'columnType' | 'decimals'>

/**
 * Dates and times of the binary protocol, as text:
 *
 * - DATE `2026-01-31`; DATETIME, which has no zone, `2026-01-31T10:00:00`; TIMESTAMP, in the session's UTC,
 *   `2026-01-31T10:00:00Z`; with as many digits of a second as the column has;
 * - TIME `-838:59:59.5`, since it is a duration that passes a day;
 * - dates that no calendar has (`0000-00-00 00:00:00`, `2026-02-00`) as the server writes them.
 */
export function readTemporal(bytes: Buffer, column: TemporalColumn): string {
  if (column.columnType === columnType.time) return readTime(bytes, column.decimals)
  const year = bytes.length > 3 ? bytes.readUInt16LE(0) : 0
  const date = [digits(year, 4), digits(bytes[2]), digits(bytes[3])].join('-')
  if (column.columnType === columnType.date || column.columnType === columnType.newdate) return date
  const time = [digits(bytes[4]), digits(bytes[5]), digits(bytes[6])].join(':')
  return joinDateTime(date, time + readFraction(bytes, 7, column.decimals), column)
}

/** The same forms from the text protocol, which writes `2026-01-31 10:00:00`. */
export function readTemporalText(text: string, column: TemporalColumn): string {
  const [date = '', time] = text.split(' ')
  return time === undefined ? text : joinDateTime(date, time, column)
}

function joinDateTime(date: string, time: string, { columnType: type }: TemporalColumn): string {
  if (date.startsWith('0000') || date.includes('-00')) return `${date} ${time}`
  return `${date}T${time}${type === columnType.timestamp ? 'Z' : ''}`
}

function readTime(bytes: Buffer, decimals: number): string {
  if (bytes.length < 8) return `00:00:00${readFraction(bytes, 8, decimals)}`
  const hours = bytes.readUInt32LE(1) * 24 + bytes[5]!
  const clock = [digits(hours), digits(bytes[6]), digits(bytes[7])].join(':')
  return `${bytes[0] === 0 ? '' : '-'}${clock}${readFraction(bytes, 8, decimals)}`
}

/** Microseconds at `offset`, cut to the column's digits; 31 or more mean that the column does not say. */
function readFraction(bytes: Buffer, offset: number, decimals: number): string {
  const micros = bytes.length >= offset + 4 ? digits(bytes.readUInt32LE(offset), 6) : '000000'
  if (decimals > 6) return micros === '000000' ? '' : `.${micros}`
  return decimals === 0 ? '' : `.${micros.slice(0, decimals)}`
}

function digits(value = 0, length = 2): string {
  return String(value).padStart(length, '0')
}
