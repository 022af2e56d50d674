import { inTransaction, type Queryable } from './create-db.ts'
import type { Prisma } from './generated/client.ts'
import { newId } from './new-id.ts'

/** The channel on which new events are told when they commit; the payload is the workspace's id. */
export const eventChannel = 'private_connect_events'

export interface NewEvent {
  readonly workspaceId: string
  /** `share.created`, `share.accessed`, `agent.online` … */
  readonly type: string
  readonly shareId?: string | null
  readonly agentId?: string | null
  readonly data: Prisma.InputJsonObject
}

export interface EventRow {
  readonly workspaceId: string
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly shareId: string | null
  readonly agentId: string | null
  readonly data: Prisma.JsonValue
  readonly createdAt: Date
}

/** Adds to the workspace's stream. Locks the workspace row until the commit: seq order is commit order. */
export async function appendEvent(db: Queryable, input: NewEvent): Promise<EventRow> {
  return inTransaction(db, async (tx) => {
    const [head] = await tx.client.$queryRaw<{ seq: bigint }[]>`
      UPDATE workspaces SET last_event_seq = last_event_seq + 1 WHERE id = ${input.workspaceId}
      RETURNING last_event_seq AS seq`
    if (head === undefined) throw new Error('An event names a workspace that does not exist.')
    const row = await tx.client.event.create({ data: { ...input, id: newId('evt'), seq: head.seq } })
    await tx.client.$executeRaw`SELECT pg_notify(${eventChannel}, ${input.workspaceId})`
    return toEventRow(row)
  })
}

/** What happened after `seq`, oldest first. */
export async function listEventsAfter(
  db: Queryable,
  input: { readonly workspaceId: string; readonly seq: number; readonly limit: number },
): Promise<EventRow[]> {
  const rows = await db.client.event.findMany({
    where: { workspaceId: input.workspaceId, seq: { gt: input.seq } },
    orderBy: { seq: 'asc' },
    take: input.limit,
  })
  return rows.map(toEventRow)
}

function toEventRow({ seq, ...row }: Omit<EventRow, 'seq'> & { seq: bigint }): EventRow {
  return { ...row, seq: Number(seq) }
}
