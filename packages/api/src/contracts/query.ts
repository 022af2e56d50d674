import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'

export const databaseEngines = ['postgresql', 'mysql', 'mongodb', 'redis'] as const

/** A question to a database share, by whoever has its link. */
export const queryInput = z.strictObject({
  query: z
    .string()
    .min(1, 'Must not be empty')
    .max(10_000, 'Must have at most 10000 characters')
    .refine((text) => text.isWellFormed() && !text.includes('\0'), {
      error: 'Must be text without NUL and lone surrogates',
    })
    .meta({
      description:
        'SQL, a MongoDB shell read or EJSON command, or a Redis command line; one of them. At most 10,000 characters.',
    }),
  params: z
    .array(z.string().max(100_000).or(z.number()).or(z.boolean()).or(z.null()))
    .max(100, 'Must have at most 100 values')
    // It would reach the database as another character.
    .refine((values) => values.every((value) => typeof value !== 'string' || value.isWellFormed()), {
      error: 'Must be text without lone surrogates',
    })
    .default([])
    .meta({ description: 'Values for the placeholders of the query: `$1` (PostgreSQL) or `?` (MySQL).' }),
})

/** The same question by whoever owns the share. */
export const askShareInput = queryInput.extend({ id: idOf('share') })

export const queryAnswer = z
  .object({
    columns: z
      .array(z.string())
      .meta({ description: 'In the order of the result; a repeated name gets `_2`.' }),
    rows: z.array(z.record(z.string(), z.unknown())).meta({
      description: '64-bit integers and decimals are strings, dates ISO 8601, binary is base64.',
    }),
    rowCount: z.int().meta({ description: 'Rows in this answer; after a write, rows that it changed.' }),
    truncated: z.boolean().meta({ description: 'There was more than an answer may have.' }),
    durationMs: z.int(),
  })
  .meta({ id: 'QueryAnswer' })

export const queryAudit = z
  .object({
    id: idOf('qry'),
    shareId: idOf('share'),
    visitorId: z.string().nullable(),
    actorId: z
      .string()
      .nullable()
      .meta({ description: 'The user or API key of the workspace that asked; null for a visitor.' }),
    ipAddress: z.string(),
    userAgent: z.string().nullable(),
    query: z.string(),
    outcome: z.enum(['running', 'ok', 'refused', 'failed', 'timed_out', 'cancelled']).meta({
      description:
        '`refused` never reached the database; `cancelled` because the visitor left or the share ended.',
    }),
    rowCount: z.int().nullable(),
    durationMs: z.int().nullable(),
    errorMessage: z.string().nullable(),
    startedAt: isoTime.meta({ description: 'Recorded before the query ran.' }),
    completedAt: isoTime.nullable(),
  })
  .meta({ id: 'QueryAudit', description: 'One query, recorded before it ran.' })

export const listQueriesInput = pageInput.extend({ id: idOf('share') })
export const listQueriesOutput = pageOf(queryAudit)

export type QueryInput = z.output<typeof queryInput>
export type AskShareInput = z.output<typeof askShareInput>
export type QueryAnswer = z.infer<typeof queryAnswer>
export type QueryAudit = z.infer<typeof queryAudit>
