import type { AppError } from '@private-connect/errors'
import { toErrorResponse } from '@private-connect/errors'
import { callTRPCProcedure, type TRPCProcedureType } from '@trpc/server'
import { z } from 'zod'
import type { ApiContext } from '../context.ts'
import type { LiveReading, LiveStream } from '../operations/events/live-stream.ts'
import { toApiError } from '../errors/to-api-error.ts'
import { appRouter } from '../routers/app-router.ts'
import type { ProcedureMeta } from '../trpc.ts'
import { nextLink } from './next-link.ts'
import { readInput, type RestRequest } from './read-input.ts'
import type { Access, RestRoute } from './rest-route.ts'

export interface RestAnswer {
  readonly status: number
  /** Lower-case names; `set-cookie` is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** To be sent as JSON; of a stream operation that succeeds, an async iterable of text. */
  readonly body: unknown
  /** In place of a body: what is to be sent as server-sent events. */
  readonly live?: LiveReading<object>
  /** What went wrong, for the log: its message and cause are not in the body. */
  readonly error?: AppError
}

/** One REST operation, for any framework: register `method` and `path`, call `invoke`, send its answer. */
export interface RestOperation extends RestRoute {
  /** The procedure's path, such as `shares.create`; OpenAPI's operationId. */
  readonly id: string
  readonly access: Access
  readonly input: z.ZodObject
  readonly output: z.ZodType
  /** Never rejects: a failure is an answer too. */
  invoke(ctx: ApiContext, request: RestRequest): Promise<RestAnswer>
}

interface ProcedureDefinition {
  readonly type: TRPCProcedureType
  readonly meta: ProcedureMeta
  readonly inputs: readonly unknown[]
  /** tRPC keeps it at run time and leaves it out of its types. */
  readonly output?: unknown
}

/** Every procedure that has a REST route. */
export const restOperations: readonly RestOperation[] = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { readonly _def: ProcedureDefinition }>,
).flatMap(([id, { _def }]) =>
  _def.meta.rest === undefined ? [] : [createRestOperation(id, _def, _def.meta.rest)],
)

function createRestOperation(id: string, definition: ProcedureDefinition, route: RestRoute): RestOperation {
  const [declared] = definition.inputs
  const input = declared instanceof z.ZodPrefault ? declared.unwrap() : declared
  const { output = route.stream === undefined ? undefined : z.unknown() } = definition
  if (!(input instanceof z.ZodObject) || !(output instanceof z.ZodType)) {
    throw new TypeError(`${id} needs an object as input and an output schema to be served over REST`)
  }
  return {
    ...route,
    id,
    access: definition.meta.access ?? 'session',
    input,
    output,
    async invoke(ctx, request) {
      try {
        const result: unknown = await callTRPCProcedure({
          router: appRouter,
          path: id,
          type: definition.type,
          ctx,
          // Read inside the procedure, after its authorization: a stranger gets 401 whatever the input.
          getRawInput: async () => readInput(route.method === 'GET', input, request),
          signal: request.signal,
          batchIndex: 0,
        })
        if (definition.type === 'subscription') {
          const live = await (result as LiveStream<object>).begin()
          return { ...answerSuccess(ctx, route, { request, result: undefined }), live }
        }
        return answerSuccess(ctx, route, { request, result })
      } catch (thrown) {
        const error = toApiError(thrown)
        const answer = toErrorResponse(error, ctx.requestId)
        return { ...answer, headers: { ...headersOf(ctx), ...answer.headers }, error }
      }
    },
  }
}

interface Outcome {
  readonly request: RestRequest
  readonly result: unknown
}

function answerSuccess(ctx: ApiContext, route: RestRoute, { request, result }: Outcome): RestAnswer {
  const headers = headersOf(ctx)
  if (route.stream !== undefined) Object.assign(headers, route.stream.headersOf(request))
  if (route.list === undefined) return { status: route.status, headers, body: result }
  const { items, nextCursor } = result as { items: unknown[]; nextCursor: string | null }
  if (nextCursor !== null) headers['link'] = nextLink(ctx.ports.hubUrl, route.path, { request, nextCursor })
  return {
    status: route.status,
    headers,
    body: route.list.field === null ? items : { [route.list.field]: items },
  }
}

function headersOf({ answerHeaders }: ApiContext): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of answerHeaders) if (name !== 'set-cookie') headers[name] = value
  const cookies = answerHeaders.getSetCookie()
  return cookies.length === 0 ? headers : { ...headers, 'set-cookie': cookies }
}
