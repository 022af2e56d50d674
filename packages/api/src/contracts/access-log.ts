import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'
import { lineOfText } from './text.ts'

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
    visitorId: z.string().nullable().meta({
      description:
        'Tells visitors of one share apart: by a cookie in its subdomain, elsewhere by address and user agent.',
    }),
    suppressedCount: z.int().min(0).meta({
      description:
        'Further refusals like this one that were counted instead of listed, above 100 a minute from one address.',
    }),
  })
  .meta({ id: 'AccessLogEntry', description: "One visitor's request." })

const moment = z.iso.datetime({
  offset: true,
  error: 'Must be an ISO 8601 time such as 2026-03-02T10:00:00Z',
})
const status = z
  .string()
  .regex(/^[1-5](?:\d\d|xx)$/, { error: 'Must be a status such as 404, or a class such as 4xx' })
const method = z.string().regex(/^[A-Z][A-Z-]{0,31}$/, { error: 'Must be a method in capitals, such as GET' })

/** Which entries are shown; each one narrows, of several values one has to fit. */
const filterFields = {
  from: moment.optional().meta({ description: 'First moment that is shown.' }),
  to: moment.optional().meta({ description: 'End of the time that is shown.' }),
  status: z
    .array(status)
    .max(20)
    .optional()
    .meta({ description: 'Statuses (`404`) or classes of them (`4xx`); repeat it for several.' }),
  ip: z
    .string()
    .max(64, 'Must be an address or a CIDR range')
    .optional()
    .meta({ description: 'Address, or range of addresses as CIDR: `203.0.113.0/24`.' }),
  path: lineOfText(512)
    .refine((path) => /^[/*]/.test(path) && path.split('*').length <= 9, {
      error: 'Must begin with / or *, with at most 8 of them',
    })
    .optional()
    .meta({
      description:
        'What a path begins with; with `*`, which stands for any characters, a pattern for the whole path.',
    }),
  method: z.array(method).max(20).optional().meta({ description: 'Repeat it for several.' }),
  denied: z
    .boolean()
    .optional()
    .meta({ description: 'true: only what the hub itself refused; false: only what was forwarded.' }),
  visitor: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: 'Must be the visitorId of an entry' })
    .optional()
    .meta({ description: 'Requests of one visitor.' }),
}

export const listAccessLogsInput = pageInput.extend({
  id: idOf('share'),
  after: idOf('log').optional().meta({
    description:
      'Only entries written after this one, latest first: poll with the id of the first entry you got.',
  }),
  ...filterFields,
})
export const listAccessLogsOutput = pageOf(accessLogEntry)

export const logExportFormats = ['ndjson', 'csv'] as const
export const exportAccessLogsInput = z.strictObject({
  id: idOf('share'),
  format: z
    .enum(logExportFormats, { error: `Must be one of ${logExportFormats.join(', ')}` })
    .default('ndjson')
    .meta({ description: 'One JSON object a line, or CSV (RFC 4180) with a header.' }),
  ...filterFields,
})

/** Text, piece by piece as it is read. */
export const exportAccessLogsOutput = z.custom<AsyncIterable<string>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
)

const accessLogFilter = z.object(filterFields)
export type AccessLogFilterInput = z.output<typeof accessLogFilter>
export type ExportAccessLogsInput = z.output<typeof exportAccessLogsInput>
export type AccessLogEntry = z.infer<typeof accessLogEntry>
