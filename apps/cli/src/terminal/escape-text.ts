/**
 * Everything that a terminal acts on, that hides or reorders what stands beside it, or that is not a whole character:
 * controls (C0, DEL, C1), format characters (bidirectional overrides, zero width, tags), line and paragraph separators,
 * surrogates without a partner, private use, and blanks that look like nothing.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\p{Variation_Selector}]/gu

/** Text from a visitor or a hub, made safe to show: unsafe characters become `\xNN`, `\uNNNN` or `\u{N}`. */
export function escapeText(text: string, lengthMax = 2048): string {
  const whole = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text
  return whole.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
    return code <= 0xff_ff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** One line of JSON that is as safe in a terminal: the same value, with what `escapeText` replaces written as escapes. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, (character) =>
    // JSON knows escapes of UTF-16 units only.
    Array.from({ length: character.length }, (_unused, index) =>
      unicodeEscape(character.charCodeAt(index)),
    ).join(''),
  )
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
