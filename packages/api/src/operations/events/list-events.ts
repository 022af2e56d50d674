import { listEventsAfter } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { Event } from '../../contracts/index.ts'
import { readPage, type Page, type PageRequest } from '../read-page.ts'
import { presentEvent } from './present-event.ts'

/** The workspace's events after a number, oldest first. */
export async function listEvents(
  ctx: AuthenticatedContext,
  { after, ...page }: PageRequest & { readonly after: number },
): Promise<Page<Event>> {
  const { workspaceId } = ctx.credential
  return readPage(page, {
    list: `events:${workspaceId}`,
    fetch: ({ limit, cursor }) =>
      listEventsAfter(ctx.db, { workspaceId, seq: cursor === undefined ? after : Number(cursor), limit }),
    position: ({ seq }) => String(seq),
    present: presentEvent,
  })
}
