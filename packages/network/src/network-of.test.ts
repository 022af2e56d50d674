import { describe, expect, it } from 'vitest'
import { networkOf } from './network-of.ts'

describe('networkOf', () => {
  it('is the address itself for IPv4', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
  })

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('is the /64 of %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
