import { z } from 'zod'
import { idOf, isoTime } from './id.ts'

export const statsBuckets = ['1m', '5m', '1h', '1d'] as const
export type StatsBucket = (typeof statsBuckets)[number]

const moment = z.iso.datetime({
  offset: true,
  error: 'Must be an ISO 8601 time such as 2026-03-02T10:00:00Z',
})
const count = z.int().min(0)

export const shareStatsInput = z.strictObject({
  id: idOf('share'),
  from: moment.optional().meta({ description: 'First moment that counts. Default: 24 hours before `to`.' }),
  to: moment.optional().meta({ description: 'End of the time that counts. Default: now.' }),
  bucket: z
    .enum(statsBuckets, { error: `Must be one of ${statsBuckets.join(', ')}` })
    .optional()
    .meta({ description: 'Length of a bucket. Default: one that gives at most 100 buckets.' }),
})

export const shareStats = z
  .object({
    from: isoTime,
    to: isoTime,
    bucketSeconds: z.int(),
    isComplete: z.boolean().meta({
      description: 'False when there were so many requests that only the newest were counted.',
    }),
    requests: count.meta({ description: 'Refused ones too.' }),
    denied: count,
    bytesIn: count,
    bytesOut: count,
    statusClasses: z.object({ '1xx': count, '2xx': count, '3xx': count, '4xx': count, '5xx': count }),
    buckets: z
      .array(z.object({ start: isoTime, requests: count, denied: count, serverErrors: count }))
      .meta({ description: 'Oldest first, without gaps; the first begins at `from`.' }),
    topPaths: z.array(z.object({ path: z.string(), requests: count })),
    visitors: count.meta({ description: 'Different visitors, told apart as well as it is known.' }),
    topVisitors: z.array(z.object({ ipAddress: z.string(), requests: count, lastSeenAt: isoTime })),
    latencyMs: z
      .object({ p50: count, p95: count, p99: count })
      .nullable()
      .meta({ description: 'Of forwarded requests; null when there was none.' }),
  })
  .meta({ id: 'ShareStats', description: "Counts over a share's access log." })

export type ShareStatsInput = z.output<typeof shareStatsInput>
export type ShareStats = z.infer<typeof shareStats>
