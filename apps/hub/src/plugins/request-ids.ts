import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** A new id for one request; callers quote it, the log has it. An id that the caller sends is never taken over. */
export function newRequestId(): string {
  return `req_${randomBytes(10).toString('hex')}`
}

/** Every answer names its request. */
export function addRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
}
