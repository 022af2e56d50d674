import {
  restOperations,
  toApiError,
  type RestAnswer,
  type RestOperation,
  type RestRequest,
} from '@private-connect/api'
import { toErrorResponse, type AppError } from '@private-connect/errors'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerStream, signalOfLeaving } from '../events/answer-stream.ts'
import type { Heartbeat } from '../events/heartbeat.ts'
import { formatJsonFailure, jsonFormat } from '../events/json-format.ts'

/** Every operation of the API as a REST route. */
export function addRestApi(app: FastifyInstance, heartbeat: Heartbeat): void {
  for (const operation of restOperations) {
    app.route({
      method: operation.method,
      url: operation.path,
      // A GET that signs in changes something, so looking at its headers alone must not do it.
      // And one that streams would be read to its end for nothing.
      exposeHeadRoute: operation.setsCookie === undefined && operation.stream === undefined,
      handler: (request, reply) => answer(operation, { request, reply, heartbeat }),
    })
  }
}

interface Call {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly heartbeat: Heartbeat
}

async function answer(operation: RestOperation, call: Call): Promise<FastifyReply> {
  const { request, reply } = call
  const { params, query, body } = request as {
    params: RestRequest['params']
    query: RestRequest['query']
    body: unknown
  }
  const lastEventId = request.headers['last-event-id']?.toString()
  const isWatched = operation.stream !== undefined || operation.stopsWithCaller === true
  const following = isWatched ? { lastEventId, signal: signalOfLeaving(reply) } : {}
  const answered = await operation.invoke(request.apiContext, { params, query, body, ...following })
  logFault(request, operation, answered.error)
  const { live, status, headers, body: content } = answered
  if (live !== undefined) return answerLive(operation, call, { headers, live })
  return reply
    .code(status)
    .headers(headers as Record<string, string | string[]>)
    .send(isAsyncIterable(content) ? Readable.from(content, { objectMode: false }) : content)
}

function answerLive(
  operation: RestOperation,
  { request, reply, heartbeat }: Call,
  { live, headers }: Required<Pick<RestAnswer, 'live' | 'headers'>>,
): FastifyReply {
  return answerStream(reply, live, {
    headers,
    format: jsonFormat,
    heartbeat,
    describeFailure(thrown) {
      const error = toApiError(thrown)
      logFault(request, operation, error)
      return formatJsonFailure(toErrorResponse(error, request.id).body)
    },
  })
}

function logFault({ log }: FastifyRequest, { id }: RestOperation, error: AppError | undefined): void {
  if (error?.row.fault === 'hub') log.error({ err: error, cause: error.cause }, `${id} failed`)
}

function isAsyncIterable(content: unknown): content is AsyncIterable<string> {
  return typeof content === 'object' && content !== null && Symbol.asyncIterator in content
}
