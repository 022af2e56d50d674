import { describe, expect, it } from 'vitest'
import { isAddressAllowed } from './is-address-allowed.ts'

describe('isAddressAllowed', () => {
  it('allows every address where there are no ranges (IP-05)', () => {
    expect(isAddressAllowed([], '203.0.113.1')).toBe(true)
  })

  it.each(['10.0.0.0', '10.255.255.255', '::ffff:10.1.1.1', '2001:db8::1'])('allows %s', (address) => {
    expect(isAddressAllowed(['10.0.0.0/8', '2001:db8::/32'], address)).toBe(true)
  })

  it.each([
    '11.0.0.0',
    '127.0.0.1',
    '2001:db9::1',
    '::1',
    '::ffff:11.0.0.1',
    '',
    'unknown',
    '10.0.0.1, 1.1.1.1',
  ])('refuses %j', (address) => {
    expect(isAddressAllowed(['10.0.0.0/8', '2001:db8::/32'], address)).toBe(false)
  })
})
