import { expect, it } from 'vitest'
import { toChartRows } from './to-chart-rows.ts'

const buckets = [{ start: '2026-03-02T10:00:00.000Z', requests: 5, denied: 2, serverErrors: 0 }]

it.each([
  [3600, 'UTC', '10:00'],
  [300, 'Asia/Kolkata', '15:30'],
  [86_400, 'UTC', 'Mar 2'],
])('a bucket of %i seconds in %s begins at %s', (bucketSeconds, timeZone, time) => {
  expect(toChartRows({ bucketSeconds, buckets }, timeZone)).toEqual([{ time, passed: 3, refused: 2 }])
})
