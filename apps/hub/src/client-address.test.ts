import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClientAddress } from './client-address.ts'
import { networkRanges } from './env-values.ts'

const trusting = createClientAddress(networkRanges.parse('127.0.0.1, 10.0.0.0/8'))
const request = (remoteAddress: string, forwardedFor?: string) => ({
  headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  socket: { remoteAddress },
})

// Guarantee (IP-01, IP-07): nobody chooses the address that limits, key restrictions and logs see.
describe('createClientAddress', () => {
  it('ignores X-Forwarded-For when no proxy is trusted, and from peers that are not trusted', () => {
    expect(createClientAddress([])(request('127.0.0.2', '10.1.1.1'))).toBe('127.0.0.2')
    expect(trusting(request('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9')
  })

  it('takes the right-most hop that is no trusted proxy', () => {
    expect(trusting(request('127.0.0.1', '1.1.1.1, 198.51.100.7, 10.2.3.4'))).toBe('198.51.100.7')
    expect(trusting(request('::ffff:127.0.0.1', '2001:db8::1'))).toBe('2001:db8::1')
  })

  it.each(['unknown', '_x', '198.51.100.7:1234', '[2001:db8::1]', 'fe80::1%eth0', '', '0x7f.1', '010.0.0.1'])(
    'stops at %j and answers the last good hop',
    (garbage) => {
      expect(trusting(request('127.0.0.1', `9.9.9.9, ${garbage}, 10.2.3.4`))).toBe('10.2.3.4')
      expect(trusting(request('127.0.0.1', garbage))).toBe('127.0.0.1')
    },
  )

  it('looks at a bounded number of hops of a huge header', () => {
    expect(trusting(request('127.0.0.1', '10.0.0.1,'.repeat(10_000)))).toBe('127.0.0.1')
    expect(trusting(request('127.0.0.1', Array(10_000).fill('10.0.0.1').join(',')))).toBe('10.0.0.1')
  })

  it('answers an address for any header whatever', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(trusting(request('127.0.0.1', header))).toMatch(/^[0-9a-f.:]+$/)
      }),
    )
  })
})
