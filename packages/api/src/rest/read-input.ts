import type { ErrorIssue } from '@private-connect/errors'
import { z } from 'zod'
import { invalidRequest } from '../errors/to-api-error.ts'

/** One REST request as a framework hands it over: decoded path parameters, parsed query and JSON body. */
export interface RestRequest {
  readonly params: Readonly<Record<string, string>>
  /** A key that was sent several times has an array. */
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>
  /** undefined or null where there was none. */
  readonly body: unknown
  /** The header of that name: of operations that take it, over what the query says. */
  readonly lastEventId?: string | undefined
  /** Aborted when the client has left an answer that has no end. */
  readonly signal?: AbortSignal
}

type InputSchema = z.ZodObject

/**
 * The procedure's input: path parameters plus the query (GET) or the body (all else). Nothing may come twice or
 * from elsewhere, so a body cannot replace the id in the path and a secret in the query is never taken.
 */
export function readInput(isRead: boolean, schema: InputSchema, request: RestRequest): unknown {
  const sent = isRead ? coerceQuery(schema, request.query) : readBody(request)
  const repeated = Object.keys(request.params).filter((name) => Object.hasOwn(sent, name))
  if (repeated.length > 0) {
    throw invalidRequest(
      repeated.map((path) => ({ path, message: 'Is in the path already: leave it out here' })),
    )
  }
  const { lastEventId } = request
  const resumed =
    lastEventId !== undefined && Object.hasOwn(schema.shape, 'lastEventId') ? { lastEventId } : {}
  return { ...sent, ...request.params, ...resumed }
}

function readBody({ body, query }: RestRequest): Record<string, unknown> {
  const issues: ErrorIssue[] = Object.keys(query)
    .slice(0, 20)
    .map((path) => ({ path: path.slice(0, 200), message: 'This operation takes nothing in the query' }))
  if (issues.length > 0) throw invalidRequest(issues)
  if (body === undefined || body === null) return {}
  if (isRecord(body)) return body
  throw invalidRequest([{ path: '', message: 'The body must be a JSON object' }])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Query values are text; where the contract wants a number, boolean or list, plain forms of those become it. */
function coerceQuery(schema: InputSchema, query: RestRequest['query']): Record<string, unknown> {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, coerceValue(schema.shape[name], value)]))
}

function coerceValue(field: z.core.$ZodType | undefined, value: unknown): unknown {
  const inner = unwrap(field)
  if (inner instanceof z.ZodArray && !Array.isArray(value)) return [value]
  if (typeof value !== 'string') return value
  if (inner instanceof z.ZodNumber && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return Number(value)
  if (inner instanceof z.ZodBoolean && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

function unwrap(field: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodNullable) {
    return unwrap(field.unwrap())
  }
  return field
}
