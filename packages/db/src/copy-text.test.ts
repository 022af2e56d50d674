import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCopyText } from './copy-text.ts'

/** As PostgreSQL reads the text format: fields end at a tab, rows at a newline, a backslash begins an escape. */
function readCopyLine(line: string): (string | null)[] {
  const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' }
  expect(line.indexOf('\n')).toBe(line.length - 1)
  return line
    .slice(0, -1)
    .split('\t')
    .map((field) =>
      field === String.raw`\N`
        ? null
        : field.replaceAll(/\\(.)/gs, (_escape, letter: string) => letters[letter] ?? `?${letter}`),
    )
}

describe('toCopyText', () => {
  it('has a sign for null that no text is taken for, nor for the end of the data', () => {
    expect(toCopyText(null)).toBe(String.raw`\N`)
    expect(toCopyText(undefined)).toBe(String.raw`\N`)
    expect(toCopyText('')).toBe('')
    expect(toCopyText(String.raw`\N`)).toBe(String.raw`\\N`)
    expect(toCopyText(String.raw`\.`)).toBe(String.raw`\\.`)
  })

  it('any text comes back as it was, but for NUL', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('\0', '\\', '\t', '\n', '\r', 'N', 'n', '.', 'ü', '\u{1F600}') }),
      fc.string({ unit: 'binary' }),
    )
    const row = fc.array(fc.option(text), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(row, (values) => {
        const stored = values.map((value) => value?.replaceAll('\0', '\u{FFFD}') ?? null)
        expect(readCopyLine(`${values.map(toCopyText).join('\t')}\n`)).toEqual(stored)
      }),
    )
  })
})
