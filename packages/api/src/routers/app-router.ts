import { router } from '../trpc.ts'
import { agentsRouter } from './agents.ts'
import { apiKeysRouter } from './api-keys.ts'
import { auditRouter } from './audit.ts'
import { authRouter } from './auth.ts'
import { devicesRouter } from './devices.ts'
import { eventsRouter } from './events.ts'
import { servicesRouter } from './services.ts'
import { sessionsRouter } from './sessions.ts'
import { sharesRouter } from './shares.ts'
import { webhooksRouter } from './webhooks.ts'
import { workspaceRouter } from './workspace.ts'

/** Every operation of the API. tRPC serves it as it is; REST and OpenAPI are derived from it. */
export const appRouter = router({
  agents: agentsRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  auth: authRouter,
  devices: devicesRouter,
  events: eventsRouter,
  services: servicesRouter,
  sessions: sessionsRouter,
  shares: sharesRouter,
  webhooks: webhooksRouter,
  workspace: workspaceRouter,
})

export type AppRouter = typeof appRouter
