import { randomBytes } from 'node:crypto'

/** Without vowels, so that no word appears, and without what looks alike (RFC 8628 §6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const length = 8
/** The largest multiple of the letters' number in a byte: bytes above it would make some letters likelier. */
const usableBelow = 256 - (256 % letters.length)

/** A code for a person to read and type: 2^34 of them, which is enough where attempts are limited and it lives 10 minutes. */
export function mintUserCode(): string {
  let code = ''
  while (code.length < length) {
    for (const byte of randomBytes(2 * length)) {
      if (byte < usableBelow && code.length < length) code += letters.charAt(byte % letters.length)
    }
  }
  return code
}

/** The code in its one spelling, from what a person typed; null for what cannot be one. */
export function normalizeUserCode(text: string): string | null {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '')
  return code.length === length && [...code].every((letter) => letters.includes(letter)) ? code : null
}

/** As people read it: two groups of four. */
export function formatUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
