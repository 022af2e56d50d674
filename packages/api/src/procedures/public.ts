import { toApiError, toTrpcError } from '../errors/to-api-error.ts'
import { procedure } from '../trpc.ts'

/** For everyone. Every other procedure stands on it, so every failure passes this one conversion. */
export const publicProcedure = procedure.meta({ access: 'public' }).use(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  throw toTrpcError(toApiError(result.error))
})
