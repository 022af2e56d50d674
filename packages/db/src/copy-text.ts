/** What ends a field or a row, what begins an escape, and what cannot be stored. */
const special = /[\0\\\t\n\r]/
const specials = new RegExp(special, 'g')
const escapes: Readonly<Record<string, string>> = {
  '\0': '\u{FFFD}',
  '\\': '\\\\',
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
}

/** What stands for null. A constant, since each use of `String.raw` builds the text anew. */
const absent = String.raw`\N`

/**
 * One field of COPY's text format. A text cannot hold NUL in PostgreSQL, and one such visitor must not cost the whole
 * batch: U+FFFD stands for it. Source: PostgreSQL 18, "COPY", File Formats, Text Format.
 */
export function toCopyText(text: string | null | undefined): string {
  if (text === null || text === undefined) return absent
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? '') : text
}
