// Guarantee (LOG-08, DOS-04): what is refused without end fills no log: of each network so many refusals a minute are
// listed, the rest are counted by share, network and reason; not one is lost from the sums, and the memory is bounded.
import type { ErrorCode } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccessRecord } from '../ports.ts'
import { createDeniedFloods } from './denied-floods.ts'

const listedPerMin = 5

function setUp() {
  const state = { nowMs: 1_000_000 }
  return { state, floods: createDeniedFloods({ nowMs: () => state.nowMs, listedPerMin }) }
}

const entryOf = (entry: Partial<AccessRecord> = {}): AccessRecord => ({
  shareId: 'share_1',
  workspaceId: 'ws_1',
  ipAddress: '203.0.113.9',
  userAgent: null,
  path: '/',
  method: 'GET',
  statusCode: 403,
  latencyMs: 1,
  timestampMs: 1,
  bytesIn: 1,
  bytesOut: 10,
  denied: 'share.path_not_allowed',
  visitorId: 'visitor_1',
  ...entry,
})

describe('denied floods', () => {
  it('take nothing that was let through, however much that is', () => {
    const { floods } = setUp()
    for (let count = 0; count < 100; count += 1) expect(floods.takes(entryOf({ denied: null }))).toBe(false)
    expect([floods.drain(), floods.count]).toEqual([[], 0])
  })

  it('leave so many of each network to the list, and count the rest as the latest of them', () => {
    const { floods } = setUp()
    const taken = Array.from({ length: 12 }, (_, at) =>
      floods.takes(entryOf({ path: `/${at}`, timestampMs: at })),
    )
    expect(taken).toEqual(Array.from({ length: 12 }, (_, at) => at >= listedPerMin))
    expect(floods.drain()).toEqual([
      { ...entryOf({ path: '/11', timestampMs: 11 }), bytesIn: 7, bytesOut: 70, suppressedCount: 6 },
    ])
    expect([floods.drain(), floods.count]).toEqual([[], 7])
  })

  it('list again when a minute has passed', () => {
    const { state, floods } = setUp()
    while (!floods.takes(entryOf()));
    state.nowMs += 120_000
    expect(floods.takes(entryOf())).toBe(false)
  })

  it('take a /64 for one network, and each IPv4 address for itself', () => {
    const { floods } = setUp()
    const addresses = Array.from({ length: 50 }, (_, at) => `2001:db8::${at.toString(16)}`)
    expect(addresses.filter((ipAddress) => floods.takes(entryOf({ ipAddress })))).toHaveLength(45)
    expect(floods.takes(entryOf({ ipAddress: '2001:db8:0:1::1' }))).toBe(false)
    const others = Array.from({ length: 50 }, (_, at) => `203.0.113.${at}`)
    expect(others.some((ipAddress) => floods.takes(entryOf({ ipAddress })))).toBe(false)
  })

  it('have a record for each share, network and reason, which together stand for every refusal', () => {
    const addresses = ['203.0.113.9', '203.0.113.10', '2001:db8::1', '2001:db8::2']
    const reasons: ErrorCode[] = ['share.path_not_allowed', 'share.inactive']
    const entry = fc.record({
      shareId: fc.constantFrom('share_1', 'share_2'),
      ipAddress: fc.constantFrom(...addresses),
      denied: fc.constantFrom(...reasons),
      bytesIn: fc.nat(100),
      bytesOut: fc.nat(100),
    })
    const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200 }), (entries) => {
        const { floods } = setUp()
        const taken = entries.map(entryOf).filter((one) => floods.takes(one))
        const records = floods.drain()
        const keys = records.map(({ shareId, ipAddress, denied }) =>
          [shareId, ipAddress.startsWith('2001') ? 'six' : ipAddress, denied].join(' '),
        )
        expect(new Set(keys).size).toBe(keys.length)
        expect(sumOf(records.map(({ suppressedCount = 0 }) => suppressedCount + 1))).toBe(taken.length)
        expect(floods.count).toBe(taken.length)
        for (const bytes of ['bytesIn', 'bytesOut'] as const) {
          expect(sumOf(records.map((one) => one[bytes]))).toBe(sumOf(taken.map((one) => one[bytes])))
        }
      }),
    )
  })

  it('are told apart up to ten thousand; more are in the count alone', () => {
    const { floods } = setUp()
    for (let count = 0; count < listedPerMin; count += 1) floods.takes(entryOf())
    for (let at = 0; at < 10_500; at += 1)
      expect(floods.takes(entryOf({ shareId: `share_${at}` }))).toBe(true)
    expect([floods.drain().length, floods.count]).toEqual([10_000, 10_500])
    expect(floods.takes(entryOf())).toBe(true)
    expect(floods.drain()).toHaveLength(1)
  })
})
