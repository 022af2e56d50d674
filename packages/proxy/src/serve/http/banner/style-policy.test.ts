import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowStyle, allowStyleInHeader } from './style-policy.ts'

const hash = 'sha256-AAAA'

describe('a policy with one style more', () => {
  it.each([
    ['', ''],
    ["script-src 'self'", "script-src 'self'"],
    ["default-src 'self' 'unsafe-inline'", "default-src 'self' 'unsafe-inline'"],
    ["style-src 'unsafe-inline' *", "style-src 'unsafe-inline' *"],
    ["style-src 'self' 'sha256-AAAA'", "style-src 'self' 'sha256-AAAA'"],
    ["style-src 'self'", "style-src 'self' 'sha256-AAAA'"],
    ["default-src 'none'; style-src 'none'", "default-src 'none'; style-src 'sha256-AAAA'"],
    ["STYLE-SRC 'NONE';img-src *", "style-src 'sha256-AAAA'; img-src *"],
    ["style-src 'unsafe-inline' 'nonce-x'", "style-src 'unsafe-inline' 'nonce-x' 'sha256-AAAA'"],
    ["style-src a; style-src 'unsafe-inline'", "style-src a 'sha256-AAAA'; style-src 'unsafe-inline'"],
    [
      "style-src-elem a; style-src 'unsafe-inline'",
      "style-src-elem a 'sha256-AAAA'; style-src 'unsafe-inline'",
    ],
    [
      "default-src 'self' cdn.test;",
      "default-src 'self' cdn.test; style-src-elem 'self' cdn.test 'sha256-AAAA'",
    ],
    ["default-src 'none'", "default-src 'none'; style-src-elem 'sha256-AAAA'"],
    ['style-src', "style-src 'sha256-AAAA'"],
    [
      "sandbox allow-scripts ALLOW-FORMS; style-src 'self'",
      "sandbox allow-scripts ALLOW-FORMS; style-src 'self' 'sha256-AAAA'",
    ],
    ['sandbox allow-scripts', null],
    ['sandbox', null],
  ])('%j → %j', (policy, expected) => {
    expect(allowStyle(policy, hash)).toBe(expected)
  })

  it('is made of each policy of a header', () => {
    expect(allowStyleInHeader("style-src 'self', default-src 'none'", hash)).toBe(
      "style-src 'self' 'sha256-AAAA', default-src 'none'; style-src-elem 'sha256-AAAA'",
    )
    expect(allowStyleInHeader("style-src 'self', sandbox", hash)).toBeNull()
  })

  it('takes no time that grows with the square of a policy', () => {
    const startedMs = performance.now()
    expect(allowStyle(`default-src${' '.repeat(60_000)}x`, hash)).toContain('style-src-elem x')
    expect(performance.now() - startedMs).toBeLessThan(500)
  })

  it('names every other directive and source as before, and never the hash for scripts', () => {
    const names = ['default-src', 'script-src', 'style-src', 'style-src-elem', 'style-src-attr', 'img-src']
    const sources = ["'self'", "'none'", "'unsafe-inline'", "'nonce-a'", '*', 'https:', "'strict-dynamic'"]
    const directive = fc
      .tuple(fc.constantFrom(...names), fc.array(fc.constantFrom(...sources), { maxLength: 3 }))
      .map(([name, values]) => [name, ...values].join(' '))
    fc.assert(
      fc.property(fc.array(directive, { maxLength: 5 }), (directives) => {
        const before = directives.join('; ')
        const after = allowStyle(before, hash) ?? ''
        const isStyle = (text: string): boolean => /^style-src(?:-elem)? |^style-src(?:-elem)?$/.test(text)
        const others = (text: string): string[] =>
          text.split('; ').filter((each) => each !== '' && !isStyle(each))
        expect(others(after)).toEqual(others(before))
        expect(allowStyle(after, hash)).toBe(after)
        expect(after.split(hash).length).toBeLessThanOrEqual(2)
      }),
    )
  })
})
