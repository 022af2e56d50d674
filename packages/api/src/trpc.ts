import { toErrorResponse } from '@private-connect/errors'
import { initTRPC } from '@trpc/server'
import type { ApiContext, AuthenticatedContext } from './context.ts'
import { toApiError } from './errors/to-api-error.ts'
import type { Access, RestRoute } from './rest/rest-route.ts'
import { transformer } from './transformer.ts'

/** What is said of a procedure beside its types: who may call it, and how it looks over REST. */
export interface ProcedureMeta {
  readonly access?: Access
  readonly rest?: RestRoute
}

const t = initTRPC
  .context<ApiContext>()
  .meta<ProcedureMeta>()
  .create({
    transformer,
    isDev: false,
    // The hub writes event streams itself, with a heartbeat every 15 s.
    sse: { client: { reconnectAfterInactivityMs: 40_000 } },
    // The same body as over REST goes into `data`; a stack never does.
    errorFormatter({ shape, error, ctx }) {
      const answer = toErrorResponse(toApiError(error), ctx?.requestId ?? '')
      return {
        code: shape.code,
        message: answer.body.message,
        data: { ...answer.body, httpStatus: answer.status, path: shape.data.path },
      }
    },
  })

export const router = t.router
export const procedure = t.procedure

/** For steps that other procedures take once they know the caller. */
export const boundProcedure = initTRPC
  .context<AuthenticatedContext>()
  .meta<ProcedureMeta>()
  .create({ transformer, isDev: false }).procedure
