// Guarantee (SMG): a chunked body is read the same wherever its pieces are cut, ends where it says and not a byte later,
// and is refused where another reader might see another end.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkedDecoder } from './chunked-decoder.ts'

interface Outcome {
  readonly body: string
  readonly trailers: readonly string[]
  readonly isDone: boolean
  readonly fault: string | null
  /** Bytes that were taken of all that there was. */
  readonly taken: number
}

/** Hands the bytes over in pieces that end at `cuts`. */
function decode(bytes: Buffer, cuts: readonly number[] = []): Outcome {
  const decoder = new ChunkedDecoder()
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let body = ''
  let taken = 0
  for (const end of ends) {
    if (decoder.isDone || decoder.fault !== null) break
    const piece = bytes.subarray(taken, end)
    const at = decoder.take(piece, 0, (whole, from, to) => (body += whole.toString('latin1', from, to)))
    taken += at
    if (at < piece.length) break
  }
  const { isDone, fault, trailers } = decoder
  return { body, trailers: [...trailers], isDone, fault, taken }
}

const decodeText = (text: string) => decode(Buffer.from(text, 'latin1'))
const cuts = fc.array(fc.nat(), { maxLength: 12 })
const extension = fc.constantFrom('', ';a', ';a=b', ';a="b \\" c"', ';a=1;b="x"')
const chunk = fc.record({
  data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  extension,
  isUpper: fc.boolean(),
})
const trailer = fc.tuple(fc.stringMatching(/^[a-z-]{1,8}$/), fc.stringMatching(/^[!-~]{0,8}$/))
const body = fc.record({ chunks: fc.array(chunk), trailers: fc.array(trailer), next: fc.string() })

describe('a well-formed body', () => {
  it('is read whole, with its trailers, wherever it is cut, and what follows is left', () => {
    fc.assert(
      fc.property(body, cuts, ({ chunks, trailers, next }, at) => {
        const parts = chunks.map(({ data, extension: ext, isUpper }) => {
          const size = data.length.toString(16)
          return `${isUpper ? size.toUpperCase() : size}${ext}\r\n${Buffer.from(data).toString('latin1')}\r\n`
        })
        const fields = trailers.map(([name, value]) => `${name}: ${value}\r\n`)
        const encoded = Buffer.from(`${parts.join('')}0\r\n${fields.join('')}\r\n`, 'latin1')
        expect(decode(Buffer.concat([encoded, Buffer.from(next)]), at)).toEqual({
          body: Buffer.concat(chunks.map(({ data }) => data)).toString('latin1'),
          trailers: trailers.flat(),
          isDone: true,
          fault: null,
          taken: encoded.length,
        })
      }),
    )
  })

  it('that has not ended is not done', () => {
    for (const text of [
      '',
      '5',
      '5\r\n',
      '5\r\nhel',
      '5\r\nhello',
      '5\r\nhello\r\n',
      '0\r\n',
      '0\r\na: b\r\n',
    ]) {
      expect(decodeText(text)).toMatchObject({ isDone: false, fault: null, taken: text.length })
    }
  })

  it('may have a size of 13 digits', () => {
    expect(decodeText('fffffffffffff\r\nx')).toMatchObject({ body: 'x', fault: null, isDone: false })
  })
})

describe('any bytes', () => {
  const text = fc
    .array(
      fc.constantFrom('0', '1', 'a', 'F', ';', '=', '"', '\\', '\r', '\n', '\r\n', ':', ' ', '\0', 'é', '-'),
      {
        maxLength: 40,
      },
    )
    .map((parts) => Buffer.from(parts.join(''), 'latin1'))

  it('are taken or refused alike wherever they are cut', () => {
    fc.assert(
      fc.property(text, cuts, (bytes, at) => {
        const [whole, cut] = [decode(bytes), decode(bytes, at)]
        // Where a fault shows depends on how much of it is there.
        expect(cut).toEqual(whole.fault === null ? whole : { ...whole, taken: cut.taken })
      }),
      { numRuns: 500 },
    )
  })
})

describe('what is refused', () => {
  it.each([
    ['no size', '\r\n'],
    ['a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a space before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['a space behind the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['an underscore', '1_0\r\n'],
    ['14 digits', '10000000000000\r\n'],
    ['a bare line feed behind the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare carriage return', '5\rhello\r\n0\r\n\r\n'],
    ['a line feed in a quoted extension', '5;a="\n"\r\nhello\r\n0\r\n\r\n'],
    ['an extension without a name', '5;\r\nhello\r\n0\r\n\r\n'],
    ['an extension with a control byte', '5;a=\0\r\nhello\r\n0\r\n\r\n'],
    ['a chunk that is longer than it says', '4\r\nhello\r\n0\r\n\r\n'],
    ['a chunk without its CRLF', '5\r\nhello0\r\n\r\n'],
    ['a chunk that ends with a bare line feed', '5\r\nhello\n0\r\n\r\n'],
    ['a last chunk without an empty line', '0\r\nGET / HTTP/1.1\r\n'],
    ['a trailer that ends with a bare line feed', '0\r\na: b\n\r\n'],
    ['a trailer with a space in its name', '0\r\na : b\r\n\r\n'],
    ['a folded trailer', '0\r\na: b\r\n c\r\n\r\n'],
    ['a trailer with a NUL', '0\r\na: \0\r\n\r\n'],
  ])('%s', (_, text) => {
    const { fault, isDone } = decodeText(text)
    expect([typeof fault, isDone]).toEqual(['string', false])
  })

  it('a size line of more than 1 KiB, before it has ended', () => {
    expect(decodeText(`5;${'a'.repeat(1100)}`).fault).toContain('too long')
    expect(decodeText(`5;${'a'.repeat(900)}\r\nhello\r\n0\r\n\r\n`)).toMatchObject({ isDone: true })
  })

  it('trailers of more than 16 KiB, in one line or in many', () => {
    expect(decodeText(`0\r\na: ${'b'.repeat(17_000)}`).fault).toContain('too long')
    expect(decodeText(`0\r\n${'a: bbbbbbbbbbbbbbbbbbb\r\n'.repeat(1000)}\r\n`).fault).toMatch(
      /too (large|many)/,
    )
  })

  it('nothing is read behind a fault', () => {
    const decoder = new ChunkedDecoder()
    const refused = Buffer.from('x\r\n5\r\nhello\r\n0\r\n\r\n')
    const seen: number[] = []
    decoder.take(refused, 0, (_, from) => seen.push(from))
    expect(decoder.take(refused, 3, (_, from) => seen.push(from))).toBe(3)
    expect([seen, decoder.isDone]).toEqual([[], false])
  })
})
