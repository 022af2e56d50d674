import { getShare, listAgents, type EventRow } from '@private-connect/db'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { AuthenticatedContext } from '../../context.ts'
import type { AgentStatus, Event, EventType } from '../../contracts/index.ts'
import { toApiError, toTrpcError } from '../../errors/to-api-error.ts'
import { presentEvent } from './present-event.ts'

interface StreamInput {
  readonly lastEventId?: string | null | undefined
  readonly shareId?: string | undefined
}

/** How a procedure of tRPC is called; `signal` is aborted when the client has left. */
export interface Subscription<Input> {
  readonly ctx: AuthenticatedContext
  readonly input: Input
  readonly signal: AbortSignal | undefined
}

/** Everything that happens in the workspace, or to one share of it. Throws `share.not_found`. */
export async function* streamEvents(
  subscription: Subscription<StreamInput>,
): AsyncGenerator<TrackedEnvelope<Event>, void, void> {
  yield* streamShares(subscription, () => true)
}

const activities: ReadonlySet<EventType> = new Set(['share.accessed', 'share.denied', 'share.query'])

/** What visitors do on the workspace's shares, or on one. Throws `share.not_found`. */
export async function* streamActivity(
  subscription: Subscription<StreamInput>,
): AsyncGenerator<TrackedEnvelope<Event>, void, void> {
  yield* streamShares(subscription, ({ type }) => activities.has(type))
}

async function* streamShares(
  subscription: Subscription<StreamInput>,
  isWanted: (row: EventRow) => boolean,
): AsyncGenerator<TrackedEnvelope<Event>, void, void> {
  const { ctx, input } = subscription
  const { shareId, lastEventId } = input
  if (shareId !== undefined) {
    await getShare(ctx.db, { workspaceId: ctx.credential.workspaceId, shareId }).catch(failAsApi)
  }
  for await (const row of follow(subscription, seqOf(lastEventId))) {
    if ((shareId !== undefined && row.shareId !== shareId) || !isWanted(row)) continue
    yield tracked(String(row.seq), presentEvent(row))
  }
}

const agentsMax = 10_000

/** How each agent is now, and then whenever one comes or goes. */
export async function* streamAgents(
  subscription: Subscription<object>,
): AsyncGenerator<AgentStatus, void, void> {
  const { ctx } = subscription
  const { workspaceId } = ctx.credential
  const rows = follow(subscription, null)
  // The first step opens it: what happens while the agents are listed comes after them.
  const first = rows.next()
  first.catch(() => {})
  try {
    const agents = await listAgents(ctx.db, { workspaceId, limit: agentsMax }).catch(failAsApi)
    for (const { id, name } of agents) {
      yield { agentId: id, agentName: name, isOnline: ctx.ports.isAgentOnline(id) }
    }
    for (let step = await first; step.done !== true; step = await rows.next()) {
      const { type, agentId, data } = step.value
      if (agentId === null || !type.startsWith('agent.')) continue
      yield { agentId, agentName: nameIn(data), isOnline: type === 'agent.online' }
    }
  } finally {
    await rows.return()
  }
}

/** One by one, as long as the caller may see them. */
async function* follow(
  { ctx, signal }: Subscription<unknown>,
  afterSeq: number | null,
): AsyncGenerator<EventRow, void, void> {
  const { live } = ctx.ports
  const { credential, ipAddress } = ctx
  try {
    const left = signal ?? new AbortController().signal
    const admission = live.admit({ credential, ipAddress, signal: left })
    try {
      const { workspaceId } = credential
      for await (const batch of live.follow({ workspaceId, afterSeq, signal: admission.signal })) {
        for (const row of batch) {
          // The last one may have waited long for a slow reader.
          if (admission.signal.aborted) break
          yield row
        }
      }
      if (admission.ending !== null) throw admission.ending
    } finally {
      admission.release()
    }
  } catch (error) {
    failAsApi(error)
  }
}

function nameIn({ agentName }: EventRow['data']): string {
  return typeof agentName === 'string' ? agentName : ''
}

function seqOf(lastEventId: string | null | undefined): number | null {
  return lastEventId === undefined || lastEventId === null ? null : Number(lastEventId)
}

/** What fails once a subscription has begun passes none of the procedures' own conversion. */
function failAsApi(thrown: unknown): never {
  throw toTrpcError(toApiError(thrown))
}
