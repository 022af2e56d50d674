import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'

export const accessLogEntry = z
  .object({
    id: idOf('log'),
    shareId: idOf('share'),
    ipAddress: z.string(),
    userAgent: z.string().nullable(),
    path: z.string().meta({ description: 'Without the query string.' }),
    method: z.string(),
    statusCode: z.int(),
    latencyMs: z.number(),
    timestamp: isoTime,
    bytesIn: z.number().meta({ description: 'Body bytes that the visitor sent.' }),
    bytesOut: z.number().meta({ description: 'Body bytes that the visitor got.' }),
    denied: z
      .string()
      .nullable()
      .meta({ description: 'Error code of a refused request, null when it was forwarded.' }),
    visitorId: z.string().nullable(),
  })
  .meta({ id: 'AccessLogEntry', description: "One visitor's request." })

export const listAccessLogsInput = pageInput.extend({
  id: idOf('share'),
  after: idOf('log').optional().meta({
    description:
      'Only entries written after this one, latest first: poll with the id of the first entry you got.',
  }),
})
export const listAccessLogsOutput = pageOf(accessLogEntry)

export type AccessLogEntry = z.infer<typeof accessLogEntry>
