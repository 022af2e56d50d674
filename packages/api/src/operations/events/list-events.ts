import { getShare, listEventsAfter, listEventsBefore } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { Event } from '../../contracts/index.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'
import { presentEvent } from './present-event.ts'

interface ListEventsRequest extends PageRequest {
  readonly after: number
  readonly order: 'oldest' | 'newest'
  readonly shareId?: string | undefined
}

/** The workspace's events after a number, or those of one share, oldest or newest first. Throws `share.not_found`. */
export async function listEvents(
  ctx: AuthenticatedContext,
  { after, order, shareId, ...page }: ListEventsRequest,
): Promise<Page<Event>> {
  const { workspaceId } = ctx.credential
  if (shareId !== undefined) await getShare(ctx.db, { workspaceId, shareId })
  return readPage(page, {
    list: `events:${order}:${workspaceId}:${shareId ?? ''}`,
    fetch: async ({ limit, cursor }) =>
      order === 'oldest'
        ? listEventsAfter(ctx.db, {
            workspaceId,
            shareId,
            seq: cursor === undefined ? after : Number(cursor),
            limit,
          })
        : listEventsBefore(ctx.db, {
            workspaceId,
            shareId,
            seq: after,
            beforeSeq: cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor),
            limit,
          }),
    position: ({ seq }) => String(seq),
    present: presentEvent,
  })
}
