import type { ShareStats } from '@private-connect/api/contracts'

interface ChartRow {
  /** When its time began, as the axis shows it. */
  readonly time: string
  readonly passed: number
  readonly refused: number
}

const dayS = 86_400

/** The buckets of a share's stats in the reader's own time: hours of a day, or days. */
export function toChartRows(
  { bucketSeconds, buckets }: Pick<ShareStats, 'bucketSeconds' | 'buckets'>,
  timeZone?: string,
): ChartRow[] {
  const isDays = bucketSeconds >= dayS
  const format = new Intl.DateTimeFormat('en', {
    ...(isDays
      ? { month: 'short', day: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    ...(timeZone === undefined ? {} : { timeZone }),
  })
  return buckets.map(({ start, requests, denied }) => ({
    time: format.format(new Date(start)),
    passed: requests - denied,
    refused: denied,
  }))
}
