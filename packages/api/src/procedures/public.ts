import { toApiError, toTrpcError } from '../errors/to-api-error.ts'
import { procedure } from '../trpc.ts'

/** For everyone. Every other procedure stands on it, so every failure passes this one conversion. */
export const publicProcedure = procedure.meta({ access: 'public' }).use(async ({ ctx, next }) => {
  // Answers depend on the caller's credentials and some show a secret once: no cache may keep any.
  ctx.answerHeaders.set('cache-control', 'no-store')
  const result = await next()
  if (result.ok) return result
  throw toTrpcError(toApiError(result.error))
})
