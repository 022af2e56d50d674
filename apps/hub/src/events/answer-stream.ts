import type { LiveReading } from '@private-connect/api'
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import { writeStream, type StreamOptions } from './write-stream.ts'

export interface StreamAnswer extends Omit<StreamOptions, 'response'> {
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

/** Aborted when whoever asked has left, be it before this, or has got the whole answer. */
export function signalOfLeaving({ raw, request }: FastifyReply): AbortSignal {
  const leaving = new AbortController()
  // Its connection may have ended while its credential was looked up: nothing tells of that any more.
  if (request.raw.socket.destroyed) leaving.abort()
  raw.once('close', () => leaving.abort())
  return leaving.signal
}

/** Answers with an event stream: from here on the answer is not Fastify's. */
export function answerStream(
  reply: FastifyReply,
  reading: LiveReading<object>,
  { headers, ...options }: StreamAnswer,
): FastifyReply {
  reply.headers(headers as Record<string, string | string[]>).hijack()
  const { raw: response } = reply
  // It has left: what is not written to it any more is no failure.
  response.on('error', () => {})
  response.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  void writeStream(reading, { ...options, response })
  return reply
}
