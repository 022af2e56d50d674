import { AppError } from '@private-connect/errors'
import { publicProcedure } from './public.ts'

/** For a valid API key or session. Input is only looked at after this, so a stranger learns no field names. */
export const authenticatedProcedure = publicProcedure
  .meta({ access: 'credential' })
  .use(async ({ ctx, next }) => {
    const credential = await ctx.authenticate()
    if (credential === null) throw new AppError('auth.required')
    return next({ ctx: { ...ctx, credential } })
  })
