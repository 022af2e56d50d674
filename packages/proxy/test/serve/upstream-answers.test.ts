// Guarantee: an upstream's answer is read by the letter of RFC 9112, wherever its bytes are cut: what two readers could
// understand differently, or what never ends, is refused and never looks complete (SMG-09).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAt, readWith } from './kit/parser-kit.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`

describe('an answer that is refused', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['another protocol, byte by byte from its first', 'S'],
    ['a wrong version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['HTTP/0.9', 'HTTP/0.9 200 OK\r\n\r\n'],
    ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n'],
    ['lower case', 'http/1.1 200 OK\r\n\r\n'],
    ['an empty line first', `\r\n${ok}Content-Length: 0\r\n\r\n`],
    ['two status digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['four status digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['two spaces', 'HTTP/1.1  200 OK\r\n\r\n'],
    ['a control byte in the reason', 'HTTP/1.1 200 O\x01K\r\n\r\n'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 0\n'],
    ['a bare line feed between headers', `${ok}A: b\nContent-Length: 0\r\n\r\n`],
    ['a bare carriage return', `${ok}A: b\rContent-Length: 0\r\n\r\n`],
    ['a NUL', `${ok}A: b\0c\r\nContent-Length: 0\r\n\r\n`],
    ['a folded line', `${ok}A: b\r\n c\r\nContent-Length: 0\r\n\r\n`],
    ['a folded first line', `${ok} A: b\r\nContent-Length: 0\r\n\r\n`],
    ['a space before the colon', `${ok}Content-Length : 0\r\n\r\n`],
    ['a name that is no token', `${ok}Content(Length: 0\r\n\r\n`],
    ['an empty name', `${ok}: 0\r\n\r\n`],
    ['a line without colon', `${ok}abc\r\nContent-Length: 0\r\n\r\n`],
    ['two equal lengths', `${ok}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`],
    ['two lengths', `${ok}Content-Length: 1\r\ncontent-length: 0\r\n\r\nx`],
    ['a list of lengths', `${ok}Content-Length: 1, 1\r\n\r\nx`],
    ['a signed length', `${ok}Content-Length: +1\r\n\r\nx`],
    ['a negative length', `${ok}Content-Length: -1\r\n\r\nx`],
    ['an empty length', `${ok}Content-Length:\r\n\r\n`],
    ['a length of 16 digits', `${ok}Content-Length: 1000000000000000\r\n\r\n`],
    ['a hexadecimal length', `${ok}Content-Length: 0x1\r\n\r\nx`],
    ['length and chunks', `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['length and chunks to HEAD', `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, 'HEAD'],
    ['gzip, chunked', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['chunked twice', `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['identity', `${ok}Transfer-Encoding: identity\r\n\r\n`],
    ['xchunked', `${ok}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    ['1xx of HTTP/1.0', `HTTP/1.0 100 Continue\r\n\r\n${ok}Content-Length: 0\r\n\r\n`],
    [
      '1xx with a malformed length',
      `HTTP/1.1 103 X\r\nContent-Length: 3x\r\n\r\n${ok}Content-Length: 0\r\n\r\n`,
    ],
    ['nine 1xx', `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(9)}${ok}Content-Length: 0\r\n\r\n`],
    ['an empty chunk size', `${chunked}\r\n`],
    ['a chunk size of 14 digits', `${chunked}00000000000001\r\nx\r\n0\r\n\r\n`],
    ['a chunk size that overflows', `${chunked}FFFFFFFFFFFFFFFFF\r\n`],
    ['a negative chunk size', `${chunked}-1\r\n`],
    ['0x', `${chunked}0x1\r\nx\r\n0\r\n\r\n`],
    ['a space behind a chunk size', `${chunked}1 \r\nx\r\n0\r\n\r\n`],
    ['a bare line feed behind a chunk size', `${chunked}1\nx\r\n0\r\n\r\n`],
    ['a chunk longer than its size', `${chunked}1\r\nxx\r\n0\r\n\r\n`],
    ['a bare line feed behind a chunk', `${chunked}1\r\nx\n0\r\n\r\n`],
    ['an extension without name', `${chunked}1;=a\r\nx\r\n0\r\n\r\n`],
    ['an extension with a bare carriage return', `${chunked}1;a\rb\r\nx\r\n0\r\n\r\n`],
    ['an extension of 2 KiB', `${chunked}1;${'a'.repeat(2_048)}\r\nx\r\n0\r\n\r\n`],
    ['a trailer without colon', `${chunked}0\r\nabc\r\n\r\n`],
    ['a trailer with a bare line feed', `${chunked}0\r\nA: b\n\r\n`],
    ['16 KiB of trailers', `${chunked}0\r\n${'A: b\r\n'.repeat(3_000)}\r\n`],
    ['201 headers', `${ok}${'A: b\r\n'.repeat(201)}\r\n`],
    ['a head above 64 KiB', `${ok}A: ${'b'.repeat(65_536)}\r\n\r\n`],
    ['64 KiB of a head without end', `${ok}A: ${'b'.repeat(65_536)}`],
  ])('%s', (_name, bytes, method = 'GET') => {
    expect(readWith(bytes, { method }).isRefused).toBe(true)
    // Wherever it is cut, and as early: what cannot become an answer is not waited for.
    expect(readWith(cutAt(bytes, 1), { method }).isRefused).toBe(true)
  })
})

describe('an answer that is taken', () => {
  it.each([
    ['with a length', `${ok}Content-Length: 2\r\n\r\nok`, 'ok', true],
    ['with leading zeros in its length', `${ok}Content-Length: 002\r\n\r\nok`, 'ok', true],
    ['without a body', `${ok}Content-Length: 0\r\n\r\n`, '', true],
    ['in chunks', `${chunked}2\r\nok\r\n00A\r\n0123456789\r\n0\r\n\r\n`, 'ok0123456789', true],
    ['with extensions', `${chunked}2;a;b=c;d="e;\\" f"\r\nok\r\n0;x\r\n\r\n`, 'ok', true],
    [
      'with trailers',
      `${chunked}2\r\nok\r\n0\r\nSet-Cookie: a=1\r\nContent-Length: 3\r\nX:\r\n\r\n`,
      'ok',
      true,
    ],
    [
      'behind informational ones',
      `${'HTTP/1.1 100 Go\r\n\r\n'.repeat(8)}${ok}Content-Length: 1\r\n\r\nx`,
      'x',
      true,
    ],
    ['that closes', `${ok}Content-Length: 2\r\nConnection: Close\r\n\r\nok`, 'ok', false],
    ['that closes, in a list', `${ok}Content-Length: 2\r\nConnection: x, close\r\n\r\nok`, 'ok', false],
    [
      'that says so twice',
      `${ok}Content-Length: 2\r\nConnection: x\r\nConnection: close\r\n\r\nok`,
      'ok',
      false,
    ],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok', 'ok', false],
    [
      'of HTTP/1.0 in chunks',
      'HTTP/1.0 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      'ok',
      false,
    ],
    ['without a reason', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok', 'ok', true],
    ['without a reason and its space', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'ok', true],
  ])('%s', (...[, bytes, body, isReusable]) => {
    for (const pieces of [bytes, cutAt(bytes, 1)]) {
      const got = readWith(pieces)
      expect(got).toMatchObject({ isComplete: true, body, status: 200, hasExtra: false })
      expect(got.framing?.isReusable).toBe(isReusable)
    }
  })

  it.each([204, 304])('%i has no body, whatever it says', (status) => {
    const bytes = `HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n`
    expect(readWith(bytes)).toMatchObject({ isComplete: true, body: '', hasExtra: false })
    expect(readWith(`${bytes}hello`)).toMatchObject({ isComplete: true, body: '', hasExtra: true })
  })

  it('to HEAD has no body', () => {
    const bytes = `${ok}Content-Length: 5\r\n\r\n`
    expect(readWith(bytes, { method: 'HEAD' })).toMatchObject({ isComplete: true, hasExtra: false })
    expect(readWith(chunked, { method: 'HEAD' })).toMatchObject({ isComplete: true, hasExtra: false })
  })

  it('keeps order, duplicates and spelling of its headers, and bytes above ASCII', () => {
    const head = `${ok}X-B: 1\r\nx-a:\t caf\xe9 \t\r\nX-B:2\r\nEmpty:\r\nContent-Length:0\r\n\r\n`
    expect(readWith(head).rawHeaders).toEqual([
      'X-B',
      '1',
      'x-a',
      'caf\xe9',
      'X-B',
      '2',
      'Empty',
      '',
      'Content-Length',
      '0',
    ])
  })

  it('may have 200 headers and a head of exactly 64 KiB', () => {
    expect(readWith(`${ok}${'A: b\r\n'.repeat(199)}Content-Length: 0\r\n\r\n`).isComplete).toBe(true)
    const rest = `${ok}Content-Length: 0\r\nA: \r\n\r\n`.length
    const exact = `${ok}Content-Length: 0\r\nA: ${'b'.repeat(65_536 - rest)}\r\n\r\n`
    expect(readWith(exact).isComplete).toBe(true)
    expect(readWith(cutAt(exact, 999)).isComplete).toBe(true)
    expect(readWith(cutAt(exact.replace('A: b', 'A: bb'), 999)).isRefused).toBe(true)
  })

  it('says how long its connection lives', () => {
    const keepAliveOf = (value: string) =>
      readWith(`${ok}Content-Length: 0\r\nKeep-Alive: ${value}\r\n\r\n`).framing?.keepAliveMs
    expect(keepAliveOf('timeout=5')).toBe(5_000)
    expect(keepAliveOf('max=100, Timeout = "7"')).toBe(7_000)
    expect(keepAliveOf('xtimeout=5')).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('an answer that ends with its connection', () => {
  it('is complete only when that ended in order', () => {
    expect(readWith(`${ok}\r\nhello`, { isEnded: false }).isComplete).toBe(false)
    expect(readWith(`${ok}\r\nhello`)).toMatchObject({ isComplete: true, body: 'hello' })
  })

  it.each([
    `${ok}Content-Length: 3\r\n\r\nok`,
    `${chunked}2\r\nok\r\n`,
    `${chunked}2\r\nok\r\n0\r\n`,
    ok,
    '',
  ])('is cut short where more was due: %j', (bytes) =>
    expect(readWith(bytes)).toMatchObject({ isComplete: false, isRefused: true }),
  )
})

describe('bytes behind an answer', () => {
  it('are noticed and never read as a second answer', () => {
    const one = `${ok}Content-Length: 2\r\n\r\nok`
    expect(readWith(`${one}${one}`)).toMatchObject({ isComplete: true, body: 'ok', hasExtra: true })
    expect(readWith(`${chunked}0\r\n\r\n\r\n`)).toMatchObject({ isComplete: true, hasExtra: true })
  })
})

describe('any bytes at all', () => {
  it('are read the same wherever they are cut, and never throw', () => {
    const dialect = fc.constantFrom(
      'HTTP/1.1 200 OK\r\n',
      'Content-Length: ',
      '2',
      '\r\n',
      'A',
      ':',
      '\n',
      '\0',
    )
    const noise = fc
      .array(fc.oneof(dialect, fc.string({ unit: 'binary', maxLength: 4 })))
      .map((p) => p.join(''))
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        const whole = readWith(bytes)
        const cut = readWith(cutAt(bytes, size))
        const shown = ({ isComplete, isRefused, body, status }: typeof whole) => ({
          isComplete,
          isRefused,
          body,
          status,
        })
        expect(shown(cut)).toEqual(shown(whole))
      }),
      { numRuns: 2_000 },
    )
  })
})
