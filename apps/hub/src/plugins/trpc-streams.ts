import { appRouter, toApiError, type LiveReading, type LiveStream } from '@private-connect/api'
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, TRPCError } from '@trpc/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerStream, signalOfLeaving } from '../events/answer-stream.ts'
import type { Heartbeat } from '../events/heartbeat.ts'
import { formatTrpcFailure, trpcFormat } from '../events/trpc-format.ts'

const config = appRouter._def._config
const type = 'subscription'

/** tRPC has them in one list, whatever its types say. */
const procedures = appRouter._def.procedures as unknown as Record<string, { readonly _def: { type: string } }>

/**
 * Answers tRPC's subscriptions as server-sent events in place of its adapter, whose web streams cost each subscriber and
 * event several times as much. Call it in the part of the app that the adapter is in.
 */
export function addTrpcStreams(app: FastifyInstance, heartbeat: Heartbeat): void {
  app.addHook('preHandler', async (request, reply) => {
    const { path = '' } = request.params as { readonly path?: string }
    const isOurs =
      request.method === 'GET' &&
      procedures[path]?._def.type === type &&
      // What the adapter refuses is left to it, such as a batch.
      queryOf(request, 'batch') === undefined
    if (isOurs) await answer({ path, request, reply }, heartbeat)
  })
}

interface Call {
  readonly path: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function answer(call: Call, heartbeat: Heartbeat): Promise<void> {
  const { reply } = call
  // A refusal is an event too: the client reads no other body.
  const reading = await begin(call).catch(failing)
  answerStream(reply, reading, {
    headers: headersFor(call),
    format: trpcFormat,
    heartbeat,
    describeFailure: (thrown) => describeFailure(call, thrown),
  })
}

async function begin({ path, request, reply }: Call): Promise<LiveReading<object>> {
  const result: unknown = await callTRPCProcedure({
    router: appRouter,
    path,
    type,
    ctx: request.apiContext,
    getRawInput: async () => readInput(request),
    signal: signalOfLeaving(reply),
    batchIndex: 0,
  })
  return (result as LiveStream<object>).begin()
}

/** What EventSource remembers goes over what its address says, as the address is the one it began with. */
function readInput(request: FastifyRequest): unknown {
  const text = queryOf(request, 'input')
  const input = text === undefined || text === '' ? undefined : deserialize(text)
  const lastEventId = request.headers['last-event-id'] ?? queryOf(request, 'lastEventId')
  if (lastEventId === undefined || lastEventId === '') return input
  if (typeof input === 'object' && input !== null) return { ...input, lastEventId }
  return input ?? { lastEventId }
}

function deserialize(text: string): unknown {
  try {
    return config.transformer.input.deserialize(JSON.parse(text) as never)
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'The input is no JSON', cause })
  }
}

function queryOf({ query }: FastifyRequest, name: string): string | undefined {
  return [(query as Readonly<Record<string, string | string[] | undefined>>)[name]].flat()[0]
}

function headersFor({ request }: Call) {
  const { answerHeaders } = request.apiContext
  return {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    vary: 'trpc-accept, accept',
    'set-cookie': answerHeaders.getSetCookie(),
  }
}

function failing(thrown: unknown): LiveReading<never> {
  const next = async (): Promise<never> => Promise.reject(thrown)
  const { signal } = new AbortController()
  return { admission: { signal }, batches: { [Symbol.asyncIterator]: () => ({ next }) } }
}

function describeFailure({ path, request }: Call, thrown: unknown): Buffer {
  const error = getTRPCErrorFromUnknown(thrown)
  if (toApiError(error).row.fault === 'hub') {
    request.log.error({ err: error, cause: error.cause }, `${path} failed`)
  }
  const shape: unknown = getTRPCErrorShape({
    config,
    error,
    type,
    path,
    input: undefined,
    ctx: request.apiContext,
  })
  return formatTrpcFailure(shape)
}
