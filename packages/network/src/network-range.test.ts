import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeAddress } from './normalize-address.ts'
import { parseNetworkRange } from './network-range.ts'

describe('parseNetworkRange', () => {
  it.each([
    '10.0.0.0/33',
    '10.0.0.1/8',
    '010.0.0.0/8',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8 ',
    '10/8',
    '::/129',
    '2001:db8::1/32',
    '::ffff:10.0.0.0/95',
    '::ffff:10.0.0.1/104',
    'fe80::1%eth0/64',
    '[::1]/128',
    'x',
    '',
    '/',
    '10.0.0.0/8/8',
    '0x7f.1',
    '2130706433',
  ])('refuses %j', (text) => {
    expect(parseNetworkRange(text)).toBeUndefined()
  })

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:a00:0/104', '10.0.0.0/8'],
    ['::FFFF:203.0.113.7', '203.0.113.7/32'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['::1', '::1/128'],
  ])('writes %s as %s', (text, canonical) => {
    expect(parseNetworkRange(text)?.text).toBe(canonical)
  })

  it('means the same for an IPv4 address and its IPv6-mapped form', () => {
    for (const text of ['10.0.0.0/8', '::ffff:10.0.0.0/104']) {
      const range = parseNetworkRange(text)
      expect(range?.contains('10.1.2.3')).toBe(true)
      expect(range?.contains('::ffff:10.1.2.3')).toBe(true)
      expect(range?.contains('::ffff:a01:203')).toBe(true)
      for (const other of ['11.0.0.1', '010.0.0.1', 'fe80::1', 'not an address', '']) {
        expect(range?.contains(other)).toBe(false)
      }
    }
  })

  it('keeps the families apart', () => {
    expect(parseNetworkRange('::/0')?.contains('10.0.0.1')).toBe(false)
    expect(parseNetworkRange('0.0.0.0/0')?.contains('2001:db8::1')).toBe(false)
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

  it('never throws, and what it writes it reads as the same', () => {
    const near = fc.stringMatching(/^[0-9a-f:./%]{0,24}$/)
    fc.assert(
      fc.property(fc.oneof(fc.string(), near, fc.ipV4(), fc.ipV6()), (text) => {
        const written = parseNetworkRange(text)?.text
        expect(written === undefined ? undefined : parseNetworkRange(written)?.text).toBe(written)
      }),
    )
  })
})

describe('normalizeAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:CB00:7107', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ])('writes %s as %s', (text, normal) => {
    expect(normalizeAddress(text)).toBe(normal)
  })

  it.each([
    'unknown',
    '_x',
    '1.2.3.4:80',
    '[::1]',
    'fe80::1%eth0',
    '',
    '0x7f.1',
    '010.0.0.1',
    '127.1',
    ' ::1',
  ])('refuses %j', (text) => {
    expect(normalizeAddress(text)).toBeUndefined()
  })
})
