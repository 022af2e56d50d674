import { issueApiKey, issueOwnerSignIn } from '@private-connect/api'
import { appendAudit, ensureFirstOwner, inTransaction, type Db } from '@private-connect/db'

/** Who owns a hub that nobody has signed up on: the person at its terminal. */
const localOwner = { email: 'owner@localhost', workspaceName: 'my-workspace' }

/** A one-time sign-in token for the hub's owner. */
export async function createOwnerSignIn(db: Db): Promise<string> {
  return (await issueOwnerSignIn(db, localOwner)).token
}

/** A new API key of the owner's workspace, made at the terminal. */
export async function createOwnerApiKey(db: Db): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { workspace } = await ensureFirstOwner(tx, localOwner)
    const { row, key } = await issueApiKey(tx, {
      workspaceId: workspace.id,
      name: 'command-line',
      createdByUserId: null,
    })
    await appendAudit(tx, {
      workspaceId: workspace.id,
      actorKind: 'system',
      actorId: null,
      action: 'api_key.created',
      subjectId: row.id,
      ipAddress: null,
    })
    return key
  })
}
