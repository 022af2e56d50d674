/** JSON text as a value in which no number has changed: those that a double cannot hold are strings. */
export function parseLosslessJson(text: string): unknown {
  try {
    return JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown)
  } catch {
    // A column of MariaDB may be marked as JSON and hold something else.
    return text
  }
}

function keepNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value
  const source = context.source ?? String(value)
  return isSameNumber(value, source) ? value : source
}

/** Whether the double prints as the number that was written, apart from zeros and exponents. */
function isSameNumber(value: number, source: string): boolean {
  return Number.isFinite(value) && significant(String(value)) === significant(source)
}

function significant(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const all = (whole + fraction).replace(/^0+/, '')
  const kept = all.replace(/0+$/, '')
  if (kept === '') return '0'
  const scale = Number(exponent) - fraction.length + (all.length - kept.length)
  return `${mantissa.startsWith('-') ? '-' : ''}${kept}e${scale}`
}
