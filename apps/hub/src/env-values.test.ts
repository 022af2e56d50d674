import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkRanges, parseNetworkRange, shareDomain } from './env-values.ts'

describe('parseNetworkRange', () => {
  it.each([
    '10.0.0.0/33',
    '10.0.0.1/8',
    '010.0.0.0/8',
    '10.0.0.0/08',
    '10/8',
    '::/129',
    'x',
    '',
    '10.0.0.0/8/8',
    '0x7f.1',
  ])('refuses %s', (text) => {
    expect(parseNetworkRange(text)).toBeUndefined()
  })

  it('means the same for an IPv4 address and its IPv6-mapped form', () => {
    const range = parseNetworkRange('10.0.0.0/8')
    expect(range?.contains('::ffff:10.1.2.3')).toBe(true)
    expect(range?.contains('::ffff:a01:203')).toBe(true)
    expect(range?.contains('11.0.0.1')).toBe(false)
    expect(range?.contains('fe80::1')).toBe(false)
    expect(range?.contains('not an address')).toBe(false)
  })

  it('contains exactly the addresses that share its first bits', () => {
    const word = fc.integer({ min: 0, max: 0xff_ff_ff_ff })
    const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 32 }), (base, other, bits) => {
        const mask = (0xff_ff_ff_ff << (32 - bits)) >>> 0
        const range = parseNetworkRange(`${text((base & mask) >>> 0)}/${bits}`)
        expect(range?.contains(text(other))).toBe((base & mask) >>> 0 === (other & mask) >>> 0)
      }),
    )
  })
})

describe('networkRanges', () => {
  it('names the part that is wrong', () => {
    const result = networkRanges.safeParse('10.0.0.0/8, nonsense')
    expect(result.error?.issues[0]?.message).toContain("'nonsense'")
  })
})

describe('shareDomain', () => {
  it.each(['localhost:7300', 'share.example.com', 'SHARE.example.com'])('takes %s', (text) => {
    expect(shareDomain.parse(text)).toBe(text.toLowerCase())
  })
  it.each(['https://x', 'a_b.com', '-a.com', 'a..b', '.a', 'a/b', '*.a.com'])('refuses %s', (text) => {
    expect(shareDomain.safeParse(text).success).toBe(false)
  })
})
