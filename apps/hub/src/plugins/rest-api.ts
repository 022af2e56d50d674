import { restOperations, type RestOperation, type RestRequest } from '@private-connect/api'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Every operation of the API as a REST route. */
export function addRestApi(app: FastifyInstance): void {
  for (const operation of restOperations) {
    app.route({
      method: operation.method,
      url: operation.path,
      // A GET that signs in changes something, so looking at its headers alone must not do it.
      // And one that streams would be read to its end for nothing.
      exposeHeadRoute: operation.setsCookie === undefined && operation.stream === undefined,
      handler: (request, reply) => answer(operation, request, reply),
    })
  }
}

async function answer(
  operation: RestOperation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { params, query, body } = request as {
    params: RestRequest['params']
    query: RestRequest['query']
    body: unknown
  }
  const {
    status,
    headers,
    body: content,
    error,
  } = await operation.invoke(request.apiContext, { params, query, body })
  if (error !== undefined && error.row.fault === 'hub') {
    request.log.error({ err: error, cause: error.cause }, `${operation.id} failed`)
  }
  return reply
    .code(status)
    .headers(headers as Record<string, string | string[]>)
    .send(isAsyncIterable(content) ? Readable.from(content, { objectMode: false }) : content)
}

function isAsyncIterable(content: unknown): content is AsyncIterable<string> {
  return typeof content === 'object' && content !== null && Symbol.asyncIterator in content
}
