import { errorTable, type ErrorCode } from '@private-connect/errors'
import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { errorBody } from '../contracts/index.ts'
import { restOperations, type RestOperation } from '../rest/rest-operation.ts'
import type { StreamRoute } from '../rest/rest-route.ts'
import { queryOperation, queryPath } from './query-operation.ts'
import { securityOf, securitySchemes } from './security.ts'

export interface OpenApiOptions {
  /** The hub's own origin. */
  readonly serverUrl: string
  readonly version: string
}

/** The whole REST API as an OpenAPI 3.1 document, made from the procedures themselves. */
export function createOpenApiDocument({ serverUrl, version }: OpenApiOptions) {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Private Connect',
      version,
      description:
        'Share a private service by link. Errors all have one body; `code` is what programs branch on. Lists are paged: `Link: <…>; rel="next"` names the next page.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(restOperations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: createPaths(),
    components: { securitySchemes },
  })
}

const methodKeys = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

function createPaths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = { [queryPath]: { post: queryOperation } }
  for (const operation of restOperations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    const item = (paths[path] ??= {})
    item[methodKeys[operation.method]] = describeOperation(operation)
  }
  return paths
}

function describeOperation(operation: RestOperation): ZodOpenApiOperationObject {
  const { id, tag, summary, description, access } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf[access],
    ...describeInput(operation),
    responses: { [operation.status]: describeSuccess(operation), ...describeErrors(operation) },
  }
}

function describeInput({
  input,
  path,
  method,
  status,
  example,
}: RestOperation): Partial<ZodOpenApiOperationObject> {
  const names = new Set(path.match(/(?<=:)\w+/g))
  const fields = Object.entries(input.shape)
  const inPath = Object.fromEntries(fields.filter(([name]) => names.has(name)))
  const others = Object.fromEntries(fields.filter(([name]) => !names.has(name)))
  const requestParams = {
    ...(status === 201 ? { header: z.object({ 'Idempotency-Key': idempotencyKey }) } : {}),
    ...(names.size === 0 ? {} : { path: z.object(inPath) }),
    ...(method !== 'GET' || Object.keys(others).length === 0 ? {} : { query: z.object(others) }),
  }
  if (method === 'GET' || Object.keys(others).length === 0) return { requestParams }
  const sent = Object.fromEntries(Object.entries(example.input ?? {}).filter(([name]) => !names.has(name)))
  const content = { 'application/json': { schema: z.strictObject(others), example: sent } }
  return { requestParams, requestBody: { required: true, content } }
}

const wholeNumber = z.string().regex(/^\d+$/)
/** On every answer, errors too (SPEC §3). */
const limitHeaders = {
  'X-RateLimit-Limit': wholeNumber.meta({ description: 'Requests a minute for this caller.' }),
  'X-RateLimit-Remaining': wholeNumber.meta({ description: 'How many of them are left.' }),
  'X-RateLimit-Reset': wholeNumber.meta({ description: 'Seconds until the count begins anew.' }),
}
const idempotencyKey = z.string().min(1).max(255).optional().meta({
  description:
    'Repeats of this request with the same key are answered like the first for 24 hours, and done once. Take a random value, such as a UUID: it also encrypts the kept answer.',
})

function describeSuccess({ summary, example, list, stream, setsCookie, output }: RestOperation) {
  const link = z
    .string()
    .optional()
    .meta({ description: 'The next page, `<url>; rel="next"`, where there is one.' })
  const cookie = z
    .string()
    .meta({ description: 'The session, or the mark of the browser that asks for a link; both HttpOnly.' })
  return {
    description: summary,
    headers: z.object({
      ...limitHeaders,
      ...(list === undefined ? {} : { Link: link }),
      ...(setsCookie === undefined ? {} : { 'Set-Cookie': cookie }),
    }),
    content:
      stream === undefined
        ? { 'application/json': { schema: bodySchemaOf(output, list), example: example.output } }
        : describeStream(stream, example.output),
  }
}

function describeStream({ mediaTypes }: StreamRoute, example: unknown) {
  return Object.fromEntries(
    mediaTypes.map((mediaType, index) => [
      mediaType,
      { schema: z.string(), ...(index === 0 && { example }) },
    ]),
  )
}

/** A page of a list travels as its documented envelope, or as a bare array. */
function bodySchemaOf(output: z.ZodType, list: RestOperation['list']): z.ZodType {
  if (list === undefined || !(output instanceof z.ZodObject)) return output
  const items = output.shape['items'] as z.ZodType
  return list.field === null ? items : z.object({ [list.field]: items })
}

function describeErrors(operation: RestOperation): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(errorCodesOf(operation), (code) => errorTable[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${errorTable[code].message}`).join('\n\n'),
        headers: z.object(limitHeaders),
        content: { 'application/json': { schema: errorBody, examples: errorExamples(codes) } },
      },
    ]),
  )
}

function errorExamples(codes: readonly ErrorCode[]) {
  return Object.fromEntries(
    codes.map((code) => {
      const { title, message, status } = errorTable[code]
      const value = { error: title, message, statusCode: status, code, requestId: 'req-1' }
      return [code, { value: status === 429 ? { ...value, retryAfter: 60 } : value }]
    }),
  )
}

function errorCodesOf({ access, method, status, errors }: RestOperation): ErrorCode[] {
  const ofAccess: ErrorCode[] =
    access === 'public' ? [] : ['auth.required', 'auth.invalid', 'auth.ambiguous', 'auth.ip_not_allowed']
  const ofSession: ErrorCode[] = access === 'session' ? ['auth.session_required'] : []
  const ofWrites: ErrorCode[] =
    method === 'GET'
      ? []
      : ['request.malformed_json', 'request.timeout', 'request.too_large', 'request.media_type']
  const ofCookie: ErrorCode[] = method === 'GET' || access === 'public' ? [] : ['auth.cross_site']
  const ofCreates: ErrorCode[] = status === 201 ? ['request.idempotency_conflict'] : []
  const always: ErrorCode[] = [
    'request.invalid',
    'request.rate_limited',
    'hub.draining',
    'hub.store_unavailable',
    'internal',
  ]
  return [...always, ...ofCreates, ...ofAccess, ...ofSession, ...ofWrites, ...ofCookie, ...(errors ?? [])]
}
