const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/
const number = /^[+-]?\d+(?:\.\d+)?$/

type ValueKind = 'null' | 'json' | 'boolean' | 'number' | 'date' | 'text'

/** What a value of an answer looks like: 64-bit numbers and decimals come as text, dates as ISO 8601. */
export function kindOf(value: unknown): ValueKind {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'object') return 'json'
  if (typeof value === 'boolean' || typeof value === 'number') return typeof value as 'boolean' | 'number'
  const text = textOf(value)
  if (date.test(text)) return 'date'
  return number.test(text) ? 'number' : 'text'
}

/** A value as a cell shows it; `null` is a word of its own there. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** The same with all that a cell has no room for. */
export function longTextOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : textOf(value)
}
