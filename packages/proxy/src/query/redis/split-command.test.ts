// Guarantee: a command line is split as redis-cli splits it, nothing in it is ever evaluated, and what is split can be
// put together again whatever bytes a value has.
import { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitCommand } from './split-command.ts'

const textsOf = (line: string) => splitCommand(line).map(({ bytes }) => bytes.toString('latin1'))

describe('splitCommand', () => {
  it.each([
    ['GET a', ['GET', 'a']],
    ['  GET\t a \n', ['GET', 'a']],
    ['SET k "a b"', ['SET', 'k', 'a b']],
    [String.raw`SET k "a\"b\n\x00\xffz\q"`, ['SET', 'k', 'a"b\n\0\xffzq']],
    [String.raw`SET k 'it\'s \n'`, ['SET', 'k', String.raw`it's \n`]],
    ['SET k ""', ['SET', 'k', '']],
    ['', []],
  ])('splits %j', (line, words) => {
    expect(textsOf(line)).toEqual(words)
  })

  it.each([
    ['GET "a', 5],
    ["GET 'a", 5],
    ['GET "a"b', 8],
    ['GET a"b"', 6],
    ['GET "a\\', 5],
  ])('refuses %j at character %i', (line, position) => {
    expect(() => splitCommand(line)).toThrow(
      expect.objectContaining({ query: expect.objectContaining({ position }) }),
    )
  })

  it('gives back any bytes that were quoted', () => {
    const quote = (bytes: Uint8Array): string =>
      `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }), (values) => {
        const words = splitCommand(values.map(quote).join(' '))
        expect(words.map(({ bytes }) => bytes.toString('hex'))).toEqual(
          values.map((value) => Buffer.from(value).toString('hex')),
        )
      }),
    )
  })

  it('takes any line: it splits, or refuses with a place in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (line) => {
        const places = placesOf(line)
        expect(places.every((place) => place >= 1 && place <= line.length + 1)).toBe(true)
      }),
    )
  })
})

/** Where the words begin, or where the line is refused. */
function placesOf(line: string): number[] {
  try {
    return splitCommand(line).map(({ position }) => position)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'query.refused') throw error
    return [error.query?.position ?? 0]
  }
}
