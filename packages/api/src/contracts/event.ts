import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'

const head = {
  id: idOf('evt'),
  seq: z.int().meta({ description: 'Counts the workspace’s events from 1, without gaps.' }),
  createdAt: isoTime,
}

const shareData = z.object({
  shareId: idOf('share'),
  shareName: z.string(),
  ipAddress: z.string().nullable().meta({ description: 'Who did it; null where nobody did.' }),
  timestamp: isoTime.meta({ description: 'When it happened.' }),
})
const visitData = shareData.extend({
  visitorId: z.string().meta({ description: 'Tells visitors of one share apart.' }),
  isBot: z.boolean().meta({ description: 'Such as what fetches a preview for a chat, by its own words.' }),
})
const agentData = z.object({ agentId: idOf('agent'), agentName: z.string(), timestamp: isoTime })

const shareEvent = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ ...head, type: z.literal(type), data })

/** What happened in a workspace. docs/events.md has each in words. */
export const event = z
  .discriminatedUnion('type', [
    shareEvent('share.created', shareData),
    shareEvent('share.revoked', shareData),
    shareEvent('share.expired', shareData),
    shareEvent(
      'share.accessed',
      visitData.extend({
        isReturning: z.boolean().meta({ description: 'Whether this visitor was there before.' }),
      }),
    ),
    shareEvent(
      'share.denied',
      visitData.extend({ reason: z.string().meta({ examples: ['share.path_not_allowed'] }) }),
    ),
    shareEvent(
      'share.query',
      shareData.extend({
        queryId: idOf('qry'),
        outcome: z.enum(['ok', 'refused', 'failed', 'timed_out', 'cancelled']),
      }),
    ),
    shareEvent('agent.online', agentData),
    shareEvent('agent.offline', agentData),
  ])
  .meta({ id: 'Event', description: 'Something that happened in the workspace.' })

export type Event = z.infer<typeof event>
export type EventType = Event['type']

export const listEventsInput = pageInput.extend({
  after: z
    .int({ error: 'Must be the seq of an event' })
    .min(0, 'Must be the seq of an event')
    .default(0)
    .meta({ description: 'The `seq` that was seen last: the events after it are answered.' }),
  order: z
    .enum(['oldest', 'newest'], { error: 'Must be oldest or newest' })
    .default('oldest')
    .meta({ description: 'Which come first.' }),
  shareId: idOf('share').optional().meta({ description: 'Only what happened to this share.' }),
})
export const listEventsOutput = pageOf(event)

const lastEventId = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'Must be the id of an event of this subscription' })
  .nullish()

/** What subscriptions take. tRPC’s links fill `lastEventId` in by themselves when they reconnect. */
export const streamEventsInput = z
  .strictObject({
    lastEventId: lastEventId.meta({
      description: 'The `id` that was seen last: what came after it is told first.',
    }),
    shareId: idOf('share').optional().meta({ description: 'Only what happens to this share.' }),
  })
  .prefault({})
export const agentsStatusInput = z.strictObject({ lastEventId }).prefault({})

/** One agent, as of now. */
export const agentStatus = z.object({
  agentId: idOf('agent'),
  agentName: z.string(),
  isOnline: z.boolean(),
})
export type AgentStatus = z.infer<typeof agentStatus>
