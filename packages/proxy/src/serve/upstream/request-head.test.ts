import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeRequestHead } from './request-head.ts'

const write = (headers: readonly string[], changes: { method?: string; target?: string } = {}): string =>
  writeRequestHead({ method: 'GET', target: '/', body: null, ...changes, headers })

describe('the head of a request', () => {
  it('is its lines, in order, and an empty one', () => {
    expect(write(['host', 'a:1', 'X-A', '1', 'x-a', ''])).toBe(
      'GET / HTTP/1.1\r\nhost: a:1\r\nX-A: 1\r\nx-a: \r\n\r\n',
    )
  })

  it('says that there is no body where one is usual, once', () => {
    expect(write([], { method: 'POST' })).toContain('content-length: 0\r\n')
    expect(write(['Content-Length', '0'], { method: 'POST' }).match(/content-length/gi)).toHaveLength(1)
    expect(write([], { method: 'GET' })).not.toContain('content-length')
  })

  // U+010A would be sent as a line feed: latin1 keeps the low byte only.
  it.each(['\r', '\n', '\r\n', '\0', '\x1f', '\x7f', '\u010a', '\u{1f600}'])(
    'is refused with %j anywhere in it',
    (bad) => {
      expect(() => write(['a', `b${bad}c`])).toThrow('would not be one')
      expect(() => write([`a${bad}`, 'b'])).toThrow('would not be one')
      expect(() => write([], { target: `/${bad}` })).toThrow('would not be one')
      expect(() => write([], { method: `GET${bad}` })).toThrow('would not be one')
    },
  )

  it('has exactly the lines that it was made of, or is refused', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\t', ':', '\r', '\n', '\xe9', '\u010d'),
      maxLength: 6,
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (fields) => {
        const all = fields.flat()
        const lines = ['GET / HTTP/1.1', ...fields.map(([name, value]) => `${name}: ${value}`), '', '']
        const isClean = all.every((part) => /^[\t\x20-\x7e\x80-\xff]*$/.test(part))
        expect(linesOf(all)).toEqual(isClean ? lines : null)
      }),
    )
  })
})

/** What a server reads; null where nothing is sent. */
function linesOf(headers: readonly string[]): string[] | null {
  try {
    return Buffer.from(write(headers), 'latin1').toString('latin1').split('\r\n')
  } catch {
    return null
  }
}
