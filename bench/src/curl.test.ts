import { describe, expect, it } from 'vitest'
import { parseTransfers, throughput } from './curl.ts'

describe('parseTransfers', () => {
  it('reads one line for each transfer', () => {
    expect(parseTransfers('200 1000 0 0.5\n200 0 77 1.25\n')).toEqual([
      { status: 200, bytesDown: 1000, bytesUp: 0, seconds: 0.5 },
      { status: 200, bytesDown: 0, bytesUp: 77, seconds: 1.25 },
    ])
  })

  it('refuses lines that it does not know', () => {
    expect(() => parseTransfers('')).toThrow('unexpected line')
    expect(() => parseTransfers('200 x 1 2')).toThrow('unexpected line')
  })
})

describe('throughput', () => {
  const whole = { status: 200, bytesDown: 2_000_000, bytesUp: 0, seconds: 0.5 }

  it('is all bytes over all time, in 10^6 bytes a second', () => {
    const slow = { ...whole, seconds: 1.5 }
    expect(throughput([whole, slow], { expectedBytes: 2_000_000, direction: 'down' })).toBe(2)
    const up = { status: 200, bytesDown: 2, bytesUp: 3_000_000, seconds: 1 }
    expect(throughput([up], { expectedBytes: 3_000_000, direction: 'up' })).toBe(3)
  })

  it('takes a short body or another status for a failure', () => {
    const expected = { expectedBytes: 2_000_000, direction: 'down' } as const
    expect(() => throughput([{ ...whole, bytesDown: 1_999_999 }], expected)).toThrow('1999999 bytes')
    expect(() => throughput([{ ...whole, status: 502 }], expected)).toThrow('status 502')
  })
})
