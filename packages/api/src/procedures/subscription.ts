import { AppError } from '@private-connect/errors'
import { credentialProcedure } from './authenticated.ts'

/**
 * For a valid API key or session, and for pages of the hub alone: a shared app lives on a sister host, to which browsers
 * send the hub's cookie too.
 */
export const subscriptionProcedure = credentialProcedure.use(async ({ ctx, type, next }) => {
  if (type !== 'subscription') throw new AppError('route.method_not_allowed')
  ctx.refuseCrossSite()
  return next()
})
