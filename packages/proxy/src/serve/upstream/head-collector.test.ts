// Guarantee (SMG): the head of an answer is found wherever its bytes are cut, in linear time and bounded memory; what
// cannot become one is refused as soon as that shows.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeadCollector } from './head-collector.ts'

const start = 'HTTP/1.1 200 OK\r\n'
const headBytesMax = 65_536

/** Where the head ended in all that was handed over, or -1; pieces end at `cuts`. */
function collect(bytes: Buffer, cuts: readonly number[] = []) {
  const collector = new HeadCollector()
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let from = 0
  for (const end of ends) {
    // A piece of a larger buffer, as sockets hand them over.
    const at = collector.take(bytes.subarray(0, end), from)
    if (at >= 0) return { end: at, text: collector.text, fault: collector.fault }
    if (collector.fault !== null) break
    from = end
  }
  return { end: -1, text: collector.text, fault: collector.fault }
}

const collectText = (text: string) => collect(Buffer.from(text, 'latin1'))
const cuts = fc.array(fc.nat(), { maxLength: 12 })
const line = fc.stringMatching(/^[a-z]{1,6}: [ -~\x80-\xff]{0,12}$/)

describe('a head', () => {
  it('is found with its end wherever it is cut, without its empty line', () => {
    fc.assert(
      fc.property(fc.array(line), fc.string(), cuts, (lines, body, at) => {
        const head = start + lines.map((one) => `${one}\r\n`).join('')
        const bytes = Buffer.from(`${head}\r\n${body}`, 'latin1')
        expect(collect(bytes, at)).toEqual({ end: head.length + 2, text: head, fault: null })
      }),
    )
  })

  it('is found again behind another one', () => {
    const collector = new HeadCollector()
    const early = 'HTTP/1.1 103 Early Hints\r\n'
    const bytes = Buffer.from(`${early}\r\n${start}\r\n`)
    for (const [end, text] of [
      [28, early],
      [47, start],
    ] as const) {
      expect([collector.take(bytes, end === 28 ? 0 : 28), collector.text]).toEqual([end, text])
    }
  })

  it.each([0, 1, 2, 7, 1000])('may have 64 KiB and no byte more, in pieces of %i', (step) => {
    const fieldOf = (length: number) => `${start}a: ${'b'.repeat(length - start.length - 7)}\r\n\r\n`
    const cutsOf = (text: string) =>
      step === 0 ? [] : Array.from({ length: Math.ceil(text.length / step) }, (_, n) => n * step)
    const fits = fieldOf(headBytesMax)
    expect(fits).toHaveLength(headBytesMax)
    expect(collect(Buffer.from(fits), cutsOf(fits))).toMatchObject({ end: headBytesMax, fault: null })
    const tooLong = fieldOf(headBytesMax + 1)
    expect(collect(Buffer.from(tooLong), cutsOf(tooLong))).toMatchObject({ end: -1, fault: 'head too large' })
  })
})

describe('what cannot become a head is refused at once', () => {
  it.each([
    ['a greeting of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'not HTTP/1'],
    ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x28', 'not HTTP/1'],
    ['another version', 'HTTP/2 200\r\n', 'not HTTP/1'],
    ['other letters', 'http/1.1 200 OK\r\n', 'not HTTP/1'],
    ['its first byte', '\r', 'not HTTP/1'],
    ['a bare line feed', 'HTTP/1.1 200 OK\n', 'bare line feed'],
    ['a bare line feed later on', `${start}a: b\nc: d\r\n`, 'bare line feed'],
  ])('%s', (_, text, fault) => {
    expect(collectText(text)).toEqual({ end: -1, text: '', fault })
  })

  it('wherever it is cut', () => {
    const wrong = fc.constantFrom('SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\n', `${start}a: b\nc`, 'HTTP/3 1')
    fc.assert(
      fc.property(wrong, cuts, (text, at) => {
        expect(typeof collect(Buffer.from(text), at).fault).toBe('string')
      }),
    )
  })

  it('an endless one at 64 KiB, though it comes byte by byte', () => {
    const collector = new HeadCollector()
    const bytes = Buffer.from(start + 'a'.repeat(headBytesMax * 2))
    let count = 0
    while (collector.fault === null && count < bytes.length) {
      collector.take(bytes.subarray(count, count + 1), 0)
      count += 1
    }
    expect([collector.fault, count]).toEqual(['head too large', headBytesMax])
  })
})
