import { parseNetworkRange } from '@private-connect/network'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClient, readVisitor } from './client-address.ts'

const ranges = ['127.0.0.1', '10.0.0.0/8'].map((text) => parseNetworkRange(text))
const trusted = (address: string) => ranges.some((range) => range?.contains(address) === true)
const request = (remoteAddress: string | undefined, forwardedFor?: string | string[], proto?: string) => ({
  headers: {
    ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
    ...(proto === undefined ? {} : { 'x-forwarded-proto': proto }),
  },
  socket: { remoteAddress },
})
const addressOf = (...args: Parameters<typeof request>) => readClient(request(...args), trusted).address

// Guarantee (IP-01, IP-07): nobody chooses the address that limits, key restrictions and logs see.
describe('readClient', () => {
  it('ignores X-Forwarded-For when no proxy is trusted, and from peers that are not trusted', () => {
    expect(readClient(request('127.0.0.2', '10.1.1.1'), () => false).address).toBe('127.0.0.2')
    expect(addressOf('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9')
  })

  it('takes the right-most hop that is no trusted proxy', () => {
    expect(addressOf('127.0.0.1', '1.1.1.1, 198.51.100.7, 10.2.3.4')).toBe('198.51.100.7')
    expect(addressOf('::ffff:127.0.0.1', '2001:db8::1')).toBe('2001:db8::1')
    expect(addressOf('127.0.0.1', ['9.9.9.9', '198.51.100.7,10.2.3.4'])).toBe('198.51.100.7')
  })

  it('has one spelling for each address', () => {
    expect(addressOf('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(addressOf('127.0.0.1', '::FFFF:CB00:7109')).toBe('203.0.113.9')
    expect(addressOf('127.0.0.1', '2001:DB8:0::1')).toBe('2001:db8::1')
    expect(addressOf('fe80::1%eth0')).toBe('fe80::1')
    expect(addressOf(undefined)).toBe('0.0.0.0')
  })

  it.each(['unknown', '_x', '198.51.100.7:1234', '[2001:db8::1]', 'fe80::1%eth0', '', '0x7f.1', '010.0.0.1'])(
    'stops at %j and answers the last good hop',
    (garbage) => {
      expect(addressOf('127.0.0.1', `9.9.9.9, ${garbage}, 10.2.3.4`)).toBe('10.2.3.4')
      expect(addressOf('127.0.0.1', garbage)).toBe('127.0.0.1')
    },
  )

  it('looks at a bounded number of hops of a huge header', () => {
    expect(addressOf('127.0.0.1', '10.0.0.1,'.repeat(10_000))).toBe('127.0.0.1')
    const chain = readClient(request('127.0.0.1', Array(10_000).fill('10.0.0.1').join(',')), trusted)
    expect(chain.address).toBe('10.0.0.1')
    expect(chain.forwardedFor.length).toBeLessThan(500)
  })

  it('tells the upstream the chain that it believes, and no more', () => {
    const { forwardedFor } = readClient(request('127.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.1'), trusted)
    expect(forwardedFor).toBe('203.0.113.9, 10.0.0.1, 127.0.0.1')
    expect(readClient(request('203.0.113.9', '6.6.6.6'), trusted).forwardedFor).toBe('203.0.113.9')
  })

  it('answers an address for any header whatever', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(addressOf('127.0.0.1', header)).toMatch(/^[0-9a-f.:]+$/)
      }),
    )
  })
})

// Guarantee (IP-03): only a trusted peer says how its visitor came.
describe('readVisitor', () => {
  const schemeOf = (peer: string, proto?: string) =>
    readVisitor(request(peer, undefined, proto), { trustsProxy: trusted, scheme: 'http' }).scheme
  it('believes the scheme of a trusted proxy only', () => {
    expect(schemeOf('127.0.0.1', 'https')).toBe('https')
    expect(schemeOf('203.0.113.9', 'https')).toBe('http')
    expect(schemeOf('127.0.0.1', 'gopher')).toBe('http')
    expect(schemeOf('127.0.0.1')).toBe('http')
  })
})
