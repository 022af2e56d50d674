import { errorTable, type ErrorCode } from '@private-connect/errors'
import { z } from 'zod'
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi'
import { errorBody, queryAnswer, queryInput } from '../contracts/index.ts'

/** A visitor's query: the data plane answers it, outside of the API's own server, so it is no procedure. */
export const queryPath = '/api/shared/{token}/query'

const errors: readonly ErrorCode[] = [
  'request.invalid',
  'request.malformed_json',
  'request.too_large',
  'request.media_type',
  'query.refused',
  'query.failed',
  'query.no_database',
  'query.role_refused',
  'share.not_found',
  'share.inactive',
  'share.rate_limited',
  'share.streams_exhausted',
  'query.login_missing',
  'query.audit_unavailable',
  'agent.offline',
  'query.unavailable',
  'upstream.refused',
  'query.timeout',
]

const failedQuery = { databaseCode: '42703', position: 8, hint: null }

export const queryOperation: ZodOpenApiOperationObject = {
  operationId: 'shared.query',
  tags: ['Shares'],
  summary: 'Ask a shared database',
  description:
    'One statement of SQL, a MongoDB shell read or command, or a Redis command line. At most 30 a minute for each share, 1,000 rows, 5 MiB and 15 seconds. Each query is recorded before it runs. The same is at `/query` on a share’s own host.',
  security: [],
  requestParams: { path: z.object({ token: z.string().meta({ description: "The link's token." }) }) },
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: queryInput,
        examples: {
          sql: { value: { query: 'SELECT * FROM users LIMIT 10' } },
          params: { value: { query: 'SELECT * FROM users WHERE id = $1', params: [7] } },
          mongodb: { value: { query: 'db.users.find({"name": "Ada"}).limit(10)' } },
          redis: { value: { query: 'HGETALL user:7' } },
        },
      },
    },
  },
  responses: { '200': describeAnswer(), ...describeErrors() },
}

function describeAnswer(): ZodOpenApiResponsesObject[`2${string}`] {
  const example = {
    columns: ['id', 'email', 'created_at'],
    rows: [{ id: '1', email: 'ada@example.com', created_at: '2026-03-01' }],
    rowCount: 1,
    truncated: false,
    durationMs: 12,
  }
  return { description: 'The rows.', content: { 'application/json': { schema: queryAnswer, example } } }
}

function describeErrors(): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(errors, (code) => errorTable[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${errorTable[code].message}`).join('\n\n'),
        content: { 'application/json': { schema: errorBody, examples: examplesOf(codes) } },
      },
    ]),
  )
}

function examplesOf(codes: readonly ErrorCode[]) {
  return Object.fromEntries(
    codes.map((code) => {
      const { title, message, status } = errorTable[code]
      const value = { error: title, message, statusCode: status, code, requestId: 'req-1' }
      if (code === 'query.failed') return [code, { value: { ...value, query: failedQuery } }]
      return [code, { value: status === 429 ? { ...value, retryAfter: 60 } : value }]
    }),
  )
}
