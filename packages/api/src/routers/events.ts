import {
  agentsStatusInput,
  listEventsInput,
  listEventsOutput,
  streamEventsInput,
} from '../contracts/index.ts'
import { streamActivity, streamAgents, streamEvents } from '../operations/events/follow-events.ts'
import { listEvents } from '../operations/events/list-events.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { subscriptionProcedure } from '../procedures/subscription.ts'
import { router } from '../trpc.ts'
import { eventRoutes } from './events.rest.ts'

const stream = subscriptionProcedure
  .meta({ rest: eventRoutes.stream })
  .input(streamEventsInput)
  .subscription(streamEvents)
/** Shown with the shares and agents that it is about. */
export const activity = subscriptionProcedure.input(streamEventsInput).subscription(streamActivity)
export const status = subscriptionProcedure.input(agentsStatusInput).subscription(streamAgents)

export const eventsRouter = router({
  list: authenticatedProcedure
    .meta({ rest: eventRoutes.list })
    .input(listEventsInput)
    .output(listEventsOutput)
    .query(({ ctx, input }) => listEvents(ctx, input)),
  stream,
})

/** What a WebSocket carries: subscriptions only, since it is admitted once and other calls are limited one by one. */
export const liveRouter = router({
  events: router({ stream }),
  shares: router({ activity }),
  agents: router({ status }),
})
