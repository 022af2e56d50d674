import { describe, expect, it } from 'vitest'
import { readStatsRange } from './stats-range.ts'

const nowMs = Date.UTC(2026, 2, 2, 10)
const dayMs = 86_400_000

describe('readStatsRange', () => {
  it('is the last day in hours where nothing is said', () => {
    expect(readStatsRange({}, nowMs)).toEqual({ fromMs: nowMs - dayMs, toMs: nowMs, bucketMs: 3_600_000 })
  })

  it.each([
    ['2026-03-02T09:00:00Z', 60_000],
    ['2026-03-02T03:00:00Z', 300_000],
    ['2026-02-28T10:00:00Z', 3_600_000],
    ['2026-01-01T00:00:00Z', dayMs],
  ])('chooses buckets that are few enough: from %s %d ms', (from, bucketMs) => {
    expect(readStatsRange({ from }, nowMs).bucketMs).toBe(bucketMs)
  })

  it('takes the bucket that is asked for, within reason', () => {
    expect(readStatsRange({ bucket: '1m' }, nowMs).bucketMs).toBe(60_000)
    const from = '2026-02-20T10:00:00Z'
    expect(() => readStatsRange({ from, bucket: '1m' }, nowMs)).toThrow(/more than 1500/)
  })

  it.each([
    { from: '2026-03-02T10:00:00Z' },
    { from: '2026-03-03T00:00:00Z' },
    { from: '2025-01-01T00:00:00Z' },
    { from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' },
  ])('refuses %j', (range) => {
    expect(() => readStatsRange(range, nowMs)).toThrow(/from/)
  })
})
