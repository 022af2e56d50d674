import { AppError } from '@private-connect/errors'
import { middlewareMarker } from '@trpc/server/unstable-core-do-not-import'
import { toApiError } from '../errors/to-api-error.ts'
import { doOnce } from '../idempotency/do-once.ts'
import { boundProcedure } from '../trpc.ts'
import { publicProcedure } from './public.ts'

/** Like `authenticatedProcedure`, up to its `onceProcedure`: for what must not run in a transaction, before that. */
export const credentialProcedure = publicProcedure
  .meta({ access: 'credential' })
  .use(async ({ ctx, next }) => {
    const credential = await ctx.authenticate()
    if (credential === null) throw new AppError('auth.required')
    return next({ ctx: { ...ctx, credential } })
  })

/** Does a create once for its Idempotency-Key, if it has one: what follows then runs in a transaction. */
export const onceProcedure = boundProcedure.use(async ({ ctx, meta, path, getRawInput, next }) => {
  const { idempotencyKey } = ctx
  // Creates only: repeating any other write changes nothing.
  if (idempotencyKey === undefined || meta?.rest?.status !== 201) return next({ ctx })
  const { answer, isReplay } = await doOnce(ctx, idempotencyKey, {
    operation: path,
    input: await getRawInput(),
    async run(inner) {
      const result = await next({ ctx: inner })
      if (!result.ok) throw toApiError(result.error)
      return result.data
    },
  })
  if (isReplay) ctx.answerHeaders.set('idempotency-replayed', 'true')
  // What tRPC's own `next` returns: a replay never gets there.
  return { ok: true, data: answer, marker: middlewareMarker }
})

/** For a valid API key or session. Input is only looked at after this, so a stranger learns no field names. */
export const authenticatedProcedure = credentialProcedure.concat(onceProcedure)
