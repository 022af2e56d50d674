import { emptyInput, meOutput, success, verifyInput, verifyOutput } from '../contracts/index.ts'
import { getMe, logOut } from '../operations/auth/session.ts'
import { verifyMagicLink } from '../operations/auth/verify-magic-link.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { publicProcedure } from '../procedures/public.ts'
import { sessionProcedure } from '../procedures/session-only.ts'
import { router } from '../trpc.ts'
import { authRoutes } from './auth.rest.ts'

export const authRouter = router({
  verify: publicProcedure
    .meta({ rest: authRoutes.verify })
    .input(verifyInput)
    .output(verifyOutput)
    .mutation(({ ctx, input }) => verifyMagicLink(ctx, input)),
  me: authenticatedProcedure
    .meta({ rest: authRoutes.me })
    .input(emptyInput)
    .output(meOutput)
    .query(({ ctx }) => getMe(ctx)),
  logout: sessionProcedure
    .meta({ rest: authRoutes.logout })
    .input(emptyInput)
    .output(success)
    .mutation(({ ctx }) => logOut(ctx)),
})
