import { router } from '../trpc.ts'
import { agentsRouter } from './agents.ts'
import { apiKeysRouter } from './api-keys.ts'
import { authRouter } from './auth.ts'
import { servicesRouter } from './services.ts'
import { sharesRouter } from './shares.ts'
import { workspaceRouter } from './workspace.ts'

/** Every operation of the API. tRPC serves it as it is; REST and OpenAPI are derived from it. */
export const appRouter = router({
  agents: agentsRouter,
  apiKeys: apiKeysRouter,
  auth: authRouter,
  services: servicesRouter,
  shares: sharesRouter,
  workspace: workspaceRouter,
})

export type AppRouter = typeof appRouter
