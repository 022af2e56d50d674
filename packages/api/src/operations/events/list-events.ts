import { listEventsAfter, listEventsBefore } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { Event } from '../../contracts/index.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'
import { presentEvent } from './present-event.ts'

interface ListEventsRequest extends PageRequest {
  readonly after: number
  readonly order: 'oldest' | 'newest'
}

/** The workspace's events after a number, oldest or newest first. */
export async function listEvents(
  ctx: AuthenticatedContext,
  { after, order, ...page }: ListEventsRequest,
): Promise<Page<Event>> {
  const { workspaceId } = ctx.credential
  return readPage(page, {
    list: `events:${order}:${workspaceId}`,
    fetch: async ({ limit, cursor }) =>
      order === 'oldest'
        ? listEventsAfter(ctx.db, { workspaceId, seq: cursor === undefined ? after : Number(cursor), limit })
        : listEventsBefore(ctx.db, {
            workspaceId,
            seq: after,
            beforeSeq: cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor),
            limit,
          }),
    position: ({ seq }) => String(seq),
    present: presentEvent,
  })
}
