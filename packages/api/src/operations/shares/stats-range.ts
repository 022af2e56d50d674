import type { ShareStatsInput, StatsBucket } from '../../contracts/index.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** What access logs are kept for, and a day for who asks from midnight. */
const rangeMaxMs = 91 * dayMs
const bucketsMax = 1500
const bucketsByDefaultMax = 100

const bucketsMs: Record<StatsBucket, number> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '1h': 60 * minuteMs,
  '1d': dayMs,
}

export interface StatsRange {
  readonly fromMs: number
  readonly toMs: number
  readonly bucketMs: number
}

/** The range that was asked for, or the last 24 hours. Throws `request.invalid` for one that is empty or too much. */
export function readStatsRange(
  { from, to, bucket }: Pick<ShareStatsInput, 'from' | 'to' | 'bucket'>,
  nowMs: number,
): StatsRange {
  const toMs = to === undefined ? nowMs : Date.parse(to)
  const fromMs = from === undefined ? toMs - dayMs : Date.parse(from)
  const lengthMs = toMs - fromMs
  if (lengthMs <= 0) refuse('from', 'Must be before the end of the range')
  if (lengthMs > rangeMaxMs) refuse('from', 'Must be at most 91 days before the end of the range')
  const bucketMs = bucket === undefined ? chooseBucketMs(lengthMs) : bucketsMs[bucket]
  if (lengthMs / bucketMs > bucketsMax) {
    refuse('bucket', `Must be longer: this range would have more than ${bucketsMax} of them`)
  }
  return { fromMs, toMs, bucketMs }
}

function chooseBucketMs(lengthMs: number): number {
  const fits = Object.values(bucketsMs).find((bucketMs) => lengthMs / bucketMs <= bucketsByDefaultMax)
  return fits ?? dayMs
}

function refuse(path: string, message: string): never {
  throw invalidRequest([{ path, message }])
}
