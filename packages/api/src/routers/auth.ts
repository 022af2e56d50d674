import {
  emptyInput,
  inspectLinkOutput,
  linkTokenInput,
  loginInput,
  mailSentOutput,
  meOutput,
  registerInput,
  success,
  verifyOutput,
} from '../contracts/index.ts'
import { logIn, register } from '../operations/auth/ask-for-link.ts'
import { inspectLink } from '../operations/auth/inspect-link.ts'
import { getMe, logOut } from '../operations/auth/session.ts'
import { verifyMagicLink } from '../operations/auth/verify-magic-link.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { publicProcedure } from '../procedures/public.ts'
import { sessionProcedure } from '../procedures/session-only.ts'
import { router } from '../trpc.ts'
import { authRoutes } from './auth.rest.ts'

export const authRouter = router({
  register: publicProcedure
    .meta({ rest: authRoutes.register })
    .input(registerInput)
    .output(mailSentOutput)
    .mutation(({ ctx, input }) => register(ctx, input)),
  login: publicProcedure
    .meta({ rest: authRoutes.login })
    .input(loginInput)
    .output(mailSentOutput)
    .mutation(({ ctx, input }) => logIn(ctx, input)),
  // A mutation over tRPC too: a query would carry the token in its URL.
  inspectLink: publicProcedure
    .meta({ rest: authRoutes.inspectLink })
    .input(linkTokenInput)
    .output(inspectLinkOutput)
    .mutation(({ ctx, input }) => inspectLink(ctx, input)),
  verify: publicProcedure
    .meta({ rest: authRoutes.verify })
    .input(linkTokenInput)
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
