import type { QueryAnswer } from '@private-connect/api/contracts'
import { kindOf, textOf } from './present-value.ts'

/** RFC 4180, with a header. */
export function writeCsv({ columns, rows }: Pick<QueryAnswer, 'columns' | 'rows'>): string {
  const lines = [columns, ...rows.map((row) => columns.map((name) => cellOf(row[name])))]
  return lines.map((cells) => `${cells.map(quote).join(',')}\r\n`).join('')
}

const cellOf = (value: unknown): string => (kindOf(value) === 'null' ? '' : textOf(value))

/** A spreadsheet runs what begins with these characters as a formula, unless it is a plain number. */
function quote(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && kindOf(text) !== 'number'
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
