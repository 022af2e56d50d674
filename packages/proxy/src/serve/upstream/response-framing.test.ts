// Guarantee (SMG): where an answer ends is decided by RFC 9112 §6.3 without its leniencies: what two readers could take
// for two different ends is refused, and a connection is used again only where its end is certain.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameResponse } from './response-framing.ts'

const frame = (headers: readonly string[], { statusCode = 200, minorVersion = 1, isBodyless = false } = {}) =>
  frameResponse(
    { statusCode, reason: 'OK', minorVersion: minorVersion === 1 ? 1 : 0, rawHeaders: [...headers] },
    isBodyless,
  )
const infinite = Number.POSITIVE_INFINITY

describe('an answer', () => {
  it.each<[what: string, headers: string[], kind: string, bytes: number]>([
    ['of a length', ['Content-Length', '12'], 'length', 12],
    ['of no byte', ['content-length', '0'], 'none', 0],
    ['of leading zeros', ['Content-Length', '007'], 'length', 7],
    ['in chunks', ['Transfer-Encoding', 'chunked'], 'chunked', infinite],
    ['in chunks, loudly', ['TRANSFER-ENCODING', 'Chunked'], 'chunked', infinite],
    ['that says nothing', ['Content-Type', 'text/plain'], 'close', infinite],
    ['whose trailers are named', ['Trailer', 'a', 'Content-Length', '1'], 'length', 1],
  ])('%s', (...[, headers, kind, bytes]) => {
    expect(frame(headers)).toMatchObject({ kind, bytes, isReusable: kind !== 'close' })
  })

  it.each([204, 304])('of %i has no body, whatever it says', (statusCode) => {
    for (const headers of [['Content-Length', '12'], ['Transfer-Encoding', 'chunked'], []]) {
      expect(frame(headers, { statusCode })).toMatchObject({ kind: 'none', bytes: 0, isReusable: true })
    }
  })

  it('to HEAD has no body, whatever it says', () => {
    expect(frame(['Content-Length', '12'], { isBodyless: true })).toMatchObject({
      kind: 'none',
      isReusable: true,
    })
  })
})

describe('what could end in two places is refused', () => {
  it.each([
    [['Content-Length', '1', 'Content-Length', '2']],
    [['Content-Length', '1', 'content-length', '1']],
    [['Content-Length', '1, 1']],
    [['Content-Length', '+1']],
    [['Content-Length', '-1']],
    [['Content-Length', '1.0']],
    [['Content-Length', '0x1']],
    [['Content-Length', '1e3']],
    [['Content-Length', '']],
    [['Content-Length', ' 1']],
    [['Content-Length', '1'.repeat(16)]],
    [['Content-Length', '1', 'Transfer-Encoding', 'chunked']],
    [['Transfer-Encoding', 'chunked', 'Content-Length', '0']],
    [['Transfer-Encoding', 'chunked', 'transfer-encoding', 'chunked']],
    [['Transfer-Encoding', 'gzip, chunked']],
    [['Transfer-Encoding', 'chunked, gzip']],
    [['Transfer-Encoding', 'identity']],
    [['Transfer-Encoding', 'chunked;q=1']],
    [['Transfer-Encoding', 'xchunked']],
    [['Transfer-Encoding', '']],
  ])('%j', (headers) => {
    expect(typeof frame(headers)).toBe('string')
    // To HEAD and 304 as well: the next one on the connection might be read wrongly.
    expect(typeof frame(headers, { isBodyless: true })).toBe('string')
    expect(typeof frame(headers, { statusCode: 304 })).toBe('string')
  })

  it('or read as the one length that it says, however it is mixed with other fields', () => {
    const other = fc.tuple(
      fc.constantFrom('Server', 'X-Content-Length', 'Content-Lengths', 'Date'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(other), fc.array(other), fc.nat(), (before, behind, bytes) => {
        const framing = frame([...before.flat(), 'Content-Length', String(bytes), ...behind.flat()])
        expect(framing).toMatchObject({ kind: bytes === 0 ? 'none' : 'length', bytes })
      }),
    )
  })
})

describe('a connection', () => {
  const length = ['Content-Length', '1']
  it.each([
    ['close', false],
    ['Close', false],
    ['keep-alive, CLOSE', false],
    [' close ', false],
    ['keep-alive', true],
    ['closed', true],
    ['x-close', true],
    ['', true],
  ])('whose end says %j', (value, isReusable) => {
    expect(frame([...length, 'Connection', value])).toMatchObject({ isReusable })
  })

  it('is closed where any of several fields says so', () => {
    const fields = ['Connection', 'keep-alive', 'connection', 'close']
    expect(frame([...length, ...fields])).toMatchObject({ isReusable: false })
  })

  it('of HTTP/1.0 is not used again, though it says that it could', () => {
    const options = { minorVersion: 0 }
    expect(frame([...length, 'Connection', 'keep-alive'], options)).toMatchObject({ isReusable: false })
  })

  it.each([
    ['timeout=5', 5000],
    ['timeout=5, max=100', 5000],
    ['max=100, Timeout = "7"', 7000],
    ['timeout=0', 0],
    ['xtimeout=5', infinite],
    ['timeout=soon', infinite],
    ['timeout=-1', infinite],
  ])('that is kept for %j', (value, keepAliveMs) => {
    expect(frame([...length, 'Keep-Alive', value])).toMatchObject({ keepAliveMs })
  })
})
