import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCopyLine } from './copy-text.ts'

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

describe('toCopyLine', () => {
  it('separates by tabs, ends with a newline, and writes null as its own sign', () => {
    expect(toCopyLine(['a', 1, null, '', 5_000_000_000])).toBe('a\t1\t\\N\t\t5000000000\n')
    expect(toCopyLine(['', 'b'])).toBe('\tb\n')
  })

  it('does not take a text for the sign of null, nor for the end of the data', () => {
    expect(toCopyLine([String.raw`\N`])).toBe('\\\\N\n')
    expect(toCopyLine([String.raw`\.`])).toBe('\\\\.\n')
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
        expect(readCopyLine(toCopyLine(values))).toEqual(stored)
      }),
    )
  })
})
