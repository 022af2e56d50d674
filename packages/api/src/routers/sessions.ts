import {
  emptyInput,
  endOtherSessionsOutput,
  listSessionsInput,
  listSessionsOutput,
  sessionIdInput,
  success,
} from '../contracts/index.ts'
import { endOtherSessions, endSession, listSessions } from '../operations/sessions/manage-sessions.ts'
import { sessionProcedure } from '../procedures/session-only.ts'
import { router } from '../trpc.ts'
import { sessionRoutes } from './sessions.rest.ts'

export const sessionsRouter = router({
  list: sessionProcedure
    .meta({ rest: sessionRoutes.list })
    .input(listSessionsInput)
    .output(listSessionsOutput)
    .query(({ ctx, input }) => listSessions(ctx, input)),
  end: sessionProcedure
    .meta({ rest: sessionRoutes.end })
    .input(sessionIdInput)
    .output(success)
    .mutation(({ ctx, input }) => endSession(ctx, input)),
  endOthers: sessionProcedure
    .meta({ rest: sessionRoutes.endOthers })
    .input(emptyInput)
    .output(endOtherSessionsOutput)
    .mutation(({ ctx }) => endOtherSessions(ctx)),
})
