import { getShare, listAgents, type EventRow } from '@private-connect/db'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { AgentStatus, Event, EventType } from '../../contracts/index.ts'
import { createLiveStream, type LiveStream, type Subscription } from './live-stream.ts'
import { presentEvent } from './present-event.ts'

interface StreamInput {
  readonly lastEventId?: string | null | undefined
  readonly shareId?: string | undefined
}

/** Everything that happens in the workspace, or to one share of it. Throws `share.not_found`. */
export function streamEvents(subscription: Subscription<StreamInput>): LiveStream<TrackedEnvelope<Event>> {
  return streamShares(subscription, () => true)
}

const activities: ReadonlySet<EventType> = new Set(['share.accessed', 'share.denied', 'share.query'])

/** What visitors do on the workspace's shares, or on one. Throws `share.not_found`. */
export function streamActivity(subscription: Subscription<StreamInput>): LiveStream<TrackedEnvelope<Event>> {
  return streamShares(subscription, ({ type }) => activities.has(type))
}

function streamShares(
  subscription: Subscription<StreamInput>,
  isWanted: (row: EventRow) => boolean,
): LiveStream<TrackedEnvelope<Event>> {
  const { db, credential } = subscription.ctx
  const { shareId, lastEventId } = subscription.input
  return createLiveStream(subscription, {
    afterSeq: seqOf(lastEventId),
    authorize: async () =>
      shareId === undefined || getShare(db, { workspaceId: credential.workspaceId, shareId }),
    tell: (row) =>
      (shareId === undefined || row.shareId === shareId) && isWanted(row) ? tellEvent(row) : null,
  })
}

const agentsMax = 10_000

/** How each agent is now, and then whenever one comes or goes. */
export function streamAgents(subscription: Subscription<object>): LiveStream<AgentStatus> {
  const { db, ports, credential } = subscription.ctx
  return createLiveStream(subscription, {
    afterSeq: null,
    async listFirst() {
      const agents = await listAgents(db, { workspaceId: credential.workspaceId, limit: agentsMax })
      return agents.map(({ id, name }) => ({
        agentId: id,
        agentName: name,
        isOnline: ports.isAgentOnline(id),
      }))
    },
    tell: tellAgent,
  })
}

const tellEvent = onceForEachRow((row) => tracked(String(row.seq), presentEvent(row)))

const tellAgent = onceForEachRow(({ type, agentId, data }): AgentStatus | null => {
  if (agentId === null || !type.startsWith('agent.')) return null
  const { agentName } = data
  const isOnline = type === 'agent.online'
  return { agentId, agentName: typeof agentName === 'string' ? agentName : '', isOnline }
})

/** However many are told of a row, as long as it is in memory. */
function onceForEachRow<Told>(make: (row: EventRow) => Told): (row: EventRow) => Told {
  const made = new WeakMap<EventRow, { readonly told: Told }>()
  return (row) => {
    const known = made.get(row) ?? { told: make(row) }
    made.set(row, known)
    return known.told
  }
}

function seqOf(lastEventId: string | null | undefined): number | null {
  return lastEventId === undefined || lastEventId === null ? null : Number(lastEventId)
}
