const datePattern = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/
const numberPattern = /^[+-]?\d+(?:\.\d+)?$/

export function kindOf(value) {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'object') return 'json'
  if (typeof value !== 'string') return typeof value
  if (datePattern.test(value)) return 'date'
  return numberPattern.test(value) ? 'number' : 'text'
}

/** What all values of a column are; `text` where they differ. */
export function kindOfColumn(name, rows) {
  const kinds = new Set(rows.map((row) => kindOf(row[name])))
  kinds.delete('null')
  if (kinds.size === 0) return rows.length === 0 ? '' : 'null'
  return kinds.size === 1 ? [...kinds][0] : kinds.has('json') ? 'mixed' : 'text'
}

export function textOf(value) {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** RFC 4180, with a header. */
export function toCsv({ columns, rows }) {
  const lines = [columns, ...rows.map((row) => columns.map((name) => textOf(row[name])))]
  return lines.map((cells) => `${cells.map(csvOf).join(',')}\r\n`).join('')
}

/** A spreadsheet runs what begins with these characters as a formula, unless it is a plain number. */
function csvOf(text) {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !numberPattern.test(text)
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
