/**
 * One row of COPY's text format. A text cannot hold NUL in PostgreSQL, and one such visitor must not cost the whole
 * batch: U+FFFD stands for it. Source: PostgreSQL 18, "COPY", File Formats, Text Format.
 */
export function toCopyLine(values: readonly (string | number | null)[]): string {
  let line = ''
  for (const value of values) {
    if (line !== '') line += '\t'
    line += value === null ? String.raw`\N` : typeof value === 'number' ? value : escapeText(value)
  }
  return `${line}\n`
}

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

function escapeText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? '') : text
}
