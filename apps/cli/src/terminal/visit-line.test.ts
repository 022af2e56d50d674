import type { AccessLogEntry } from '@private-connect/api/contracts'
import fc from 'fast-check'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { formatArrivalLine, formatLatency, formatVisitLine } from './visit-line.ts'

const plain = pc.createColors(false)
const entry: AccessLogEntry = {
  id: 'log_1',
  shareId: 'share_1',
  ipAddress: '203.0.113.42',
  userAgent: null,
  path: '/api/users',
  method: 'GET',
  statusCode: 200,
  latencyMs: 45.4,
  timestamp: new Date(2026, 2, 2, 9, 5, 1).toISOString(),
  bytesIn: 0,
  bytesOut: 10,
  denied: null,
  visitorId: null,
  suppressedCount: 0,
}

describe('formatVisitLine', () => {
  it('shows time, method, status, path, latency and address', () => {
    expect(formatVisitLine(entry, plain)).toBe('09:05:01  GET     200  /api/users  45 ms  203.0.113.42')
  })

  it('says why a visit was refused', () => {
    const refused = { ...entry, statusCode: 403, denied: 'share.path_not_allowed' }
    expect(formatVisitLine(refused, plain)).toMatch(/ 403 .* refused: share\.path_not_allowed$/)
  })

  it('says how many more it stands for', () => {
    const flood = { ...entry, statusCode: 429, denied: 'share.rate_limited', suppressedCount: 399 }
    expect(formatVisitLine(flood, plain)).toMatch(/refused: share\.rate_limited {2}and 399 more like it$/)
  })

  it('is one line without anything that a terminal acts on, whatever the visitor sent', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 })
    fc.assert(
      fc.property(text, text, text, (path, method, ipAddress) => {
        const line = formatVisitLine(
          { ...entry, path: `${path}\u001B[2J\r`, method, ipAddress, denied: path },
          plain,
        )
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it('colours by status, and only then emits escapes', () => {
    const colors = pc.createColors(true)
    const paints = [204, 302, 404, 502].map((statusCode) => formatVisitLine({ ...entry, statusCode }, colors))
    expect(paints.map((line) => [32, 36, 33, 31].find((code) => line.includes(`\u001B[${code}m`)))).toEqual([
      32, 36, 33, 31,
    ])
  })
})

describe('formatArrivalLine', () => {
  const arrival = {
    shareId: 'share_1',
    shareName: 'demo',
    visitorId: 'visitor_1',
    ipAddress: '203.0.113.42',
    timestamp: entry.timestamp,
    isBot: false,
    isReturning: false,
  }

  it.each([
    [{}, '09:05:01  A visitor came  203.0.113.42'],
    [{ isReturning: true }, '09:05:01  A visitor came back  203.0.113.42'],
    [{ isBot: true, ipAddress: null }, '09:05:01  A bot came  unknown address'],
    [{ ipAddress: '\u001B[2J\r1' }, '09:05:01  A visitor came  \\x1b[2J\\x0d1'],
  ])('says of %j who came', (patch, line) => {
    expect(formatArrivalLine({ ...arrival, ...patch }, plain)).toBe(line)
  })
})

describe('formatLatency', () => {
  it.each([
    [0.2, '0 ms'],
    [999, '999 ms'],
    [999.6, '1.0 s'],
    [1234, '1.2 s'],
    [125_000, '2 min'],
  ])('shows %d as %s', (latencyMs, shown) => {
    expect(formatLatency(latencyMs)).toBe(shown)
  })
})
