import { appendEvent, type Queryable, type ShareRow } from '@private-connect/db'

/** Tells the workspace's event stream; in the transaction of what happened, before its audit row. */
export async function appendShareEvent(
  tx: Queryable,
  type: 'share.created' | 'share.revoked',
  { id, workspaceId, name }: ShareRow,
): Promise<void> {
  await appendEvent(tx, { workspaceId, type, shareId: id, data: { shareId: id, shareName: name } })
}
