import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventMeter } from './event-meter.ts'

// Guarantee: a stream of events passes however it is cut and however its lines end, as long as no event is longer than a mebibyte;
// the first one that is does not, be it one line or many.
const mebibyte = 1024 * 1024
const kinds = ['\n', '\r', '\r\n'] as const

/** Whether all of it passes, in pieces of the given lengths. */
function passes(text: string, pieceBytes = text.length): boolean {
  const [bytes, look] = [Buffer.from(text), createEventMeter()]
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes) look(bytes.subarray(at, at + pieceBytes))
    return true
  } catch {
    return false
  }
}

/** What is between two empty lines, by the rules of such streams. */
const longestEvent = (text: string): number =>
  Math.max(...text.split(/(?<=(?:^|\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n)))/).map((event) => event.length))

describe.each(kinds)('lines that end with %j', (end) => {
  const line = `data: ${'x'.repeat(1000)}${end}`

  it('pass in any number, as events', () => {
    expect(passes(`event: x${end}${line}${end}`.repeat(3000), 4096)).toBe(true)
  })

  it('are an event without an end where no line is empty', () => {
    expect(passes(line.repeat(1000))).toBe(true)
    expect(passes(line.repeat(1100), 4096)).toBe(false)
  })
})

it('a line without an end does not pass', () => {
  expect(passes(`data: ${'x'.repeat(mebibyte - 6)}`, 65_536)).toBe(true)
  expect(passes(`data: ${'x'.repeat(mebibyte - 5)}`, 65_536)).toBe(false)
})

it('is asked of each event alone, however it arrives', () => {
  const field = fc.constantFrom('data: x', ': y', 'id: 1', 'data: ', `data: ${'z'.repeat(300_000)}`, '')
  const ended = fc.tuple(field, fc.constantFrom(...kinds)).map((parts) => parts.join(''))
  const pieceBytes = fc.constantFrom(1, 7, 4096, 65_536, 4_000_000)
  fc.assert(
    fc.property(fc.array(ended, { minLength: 1, maxLength: 12 }), pieceBytes, (lines, size) => {
      const text = lines.join('')
      expect(passes(text, size)).toBe(longestEvent(text) <= mebibyte)
    }),
    { numRuns: 50 },
  )
})
