import { appRouter, type AppRouter } from '@private-connect/api'
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import type { Heartbeat } from '../events/heartbeat.ts'
import { addTrpcStreams } from './trpc-streams.ts'

/** More calls than this in one request are refused: a batch must not be a way around rate limits (DOS-13). */
const batchCallsMax = 10

/** The same operations over tRPC. Registered plainly, so that its body parser stays within its own prefix. */
export async function addTrpcApi(app: FastifyInstance, heartbeat: Heartbeat): Promise<void> {
  await app.register(async (trpc) => {
    addTrpcStreams(trpc, heartbeat)
    await trpc.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions })
  })
}

const trpcOptions = {
  router: appRouter,
  maxBatchSize: batchCallsMax,
  createContext: ({ req }) => req.apiContext,
  responseMeta: ({ ctx }) => ({ headers: ctx?.answerHeaders ?? new Headers() }),
  onError: ({ error, req, path }) => {
    if (error.code === 'INTERNAL_SERVER_ERROR')
      req.log.error({ err: error, cause: error.cause }, `${path} failed`)
  },
} satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions']
