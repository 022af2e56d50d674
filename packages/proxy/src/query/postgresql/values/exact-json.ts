/** Deeper documents stay text: reading and writing them recurses. */
const depthMax = 200

/**
 * JSON as JSON, but for numbers that a double cannot hold: those become strings of their digits. Documents that are nested
 * too deeply to be handled come back as the text that they are.
 */
export function readExactJson(text: string): unknown {
  if (depthOf(text) > depthMax) return text
  try {
    return JSON.parse(text, exactNumber)
  } catch {
    return text
  }
}

function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  const source = context?.source ?? String(value)
  return isExact(source, value) ? value : source
}

/** Whether the double prints the same digits; `1.50` and `15e-1` are the same number. */
export function isExact(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const [wanted, got] = [digitsOf(source), digitsOf(String(value))]
  return wanted.digits === got.digits && (wanted.exponent === got.exponent || wanted.digits === '')
}

/** A decimal as its significant digits and a power of ten; `-` belongs to the digits. */
function digitsOf(text: string): { digits: string; exponent: number } {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const significant = (whole + fraction).replace(/^0+/, '')
  const digits = significant.replace(/0+$/, '')
  const sign = mantissa.startsWith('-') && digits !== '' ? '-' : ''
  return {
    digits: sign + digits,
    exponent: Number(power) - fraction.length + (significant.length - digits.length),
  }
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isString) {
      if (code === 92) at += 1
      else if (code === 34) isString = false
    } else if (code === 34) isString = true
    else if (code === 91 || code === 123) deepest = Math.max(deepest, (depth += 1))
    else if (code === 93 || code === 125) depth -= 1
  }
  return deepest
}
