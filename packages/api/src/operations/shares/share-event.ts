import { appendEvent, type Queryable, type ShareRow } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'

/**
 * Tells the workspace's event stream; in the transaction of what happened, before its audit row. Once that has
 * committed, `ports.eventsAppended` is called.
 */
export async function appendShareEvent(
  tx: Queryable,
  ctx: AuthenticatedContext,
  { type, share }: { readonly type: 'share.created' | 'share.revoked'; readonly share: ShareRow },
): Promise<void> {
  const { id, workspaceId, name } = share
  const timestamp = new Date(ctx.ports.nowMs()).toISOString()
  const data = { shareId: id, shareName: name, ipAddress: ctx.ipAddress, timestamp }
  await appendEvent(tx, { workspaceId, type, shareId: id, data })
}
