import { AppError } from '@private-connect/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendError } from './error-responses.ts'

const jsonType = /^application\/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i
const decoder = new TextDecoder('utf-8', { fatal: true })

export interface BodyLimits {
  /** A body that has not arrived whole by then is cut. */
  readonly bodyTimeoutMs: number
}

/**
 * The API takes JSON in UTF-8 without a content encoding and nothing else, so that no other parser can be talked into
 * reading a body differently (AUTH-14) and nothing is ever decompressed (DOS-08). An empty body is none, also where a
 * client announces JSON by habit.
 */
export function addRequestBodies(app: FastifyInstance, { bodyTimeoutMs }: BodyLimits): void {
  // Not earlier: where nothing is, or another method, what is wrong with the body does not matter.
  app.addHook('preParsing', async (request, reply) => {
    if (!hasBody(request)) return
    refuseOtherForms(request)
    cutSlowBody(request, reply, bodyTimeoutMs)
  })
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null)
    try {
      void parseJson(request, decoder.decode(body), done)
    } catch (cause) {
      done(new AppError('request.malformed_json', undefined, { cause }))
    }
  })
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function refuseOtherForms({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  const isPlain = encoding === undefined || encoding.trim().toLowerCase() === 'identity'
  if (!isPlain || !jsonType.test(headers['content-type'] ?? '')) throw new AppError('request.media_type')
}

function cutSlowBody({ raw }: FastifyRequest, reply: FastifyReply, bodyTimeoutMs: number): void {
  const timer = setTimeout(() => {
    if (reply.sent) return
    reply.raw.once('close', () => raw.destroy())
    sendError(reply.header('connection', 'close'), new AppError('request.timeout'))
  }, bodyTimeoutMs)
  timer.unref()
  for (const event of ['end', 'close'] as const) raw.once(event, () => clearTimeout(timer))
}
