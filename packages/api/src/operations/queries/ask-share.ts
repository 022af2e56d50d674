import { getShare } from '@private-connect/db'
import type { AuthenticatedContext } from '../../context.ts'
import type { AskShareInput, QueryAnswer } from '../../contracts/index.ts'

/** What a visitor with the link would be answered, for the owner, who needs no link. Throws `share.not_found` and as visitors' queries do. */
export async function askShare(
  ctx: AuthenticatedContext,
  { id: shareId, ...input }: AskShareInput,
  signal: AbortSignal = new AbortController().signal,
): Promise<QueryAnswer> {
  const { credential, ipAddress, userAgent, db, ports } = ctx
  const { workspaceId } = credential
  await getShare(db, { workspaceId, shareId })
  const actorId = credential.kind === 'session' ? credential.userId : credential.id
  return ports.askAsOwner({
    workspaceId,
    shareId,
    actorId,
    credential,
    ipAddress,
    userAgent,
    input,
    signal,
  })
}
