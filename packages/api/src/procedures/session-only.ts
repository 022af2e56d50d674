import { AppError } from '@private-connect/errors'
import { authenticatedProcedure } from './authenticated.ts'

/** For a signed-in user: what a leaked API key must not be able to do, such as making more keys. */
export const sessionProcedure = authenticatedProcedure
  .meta({ access: 'session' })
  .use(async ({ ctx, next }) => {
    const { credential } = ctx
    if (credential.kind !== 'session') throw new AppError('auth.session_required')
    return next({ ctx: { ...ctx, credential } })
  })
