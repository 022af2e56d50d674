import {
  endOtherSessions as endOthers,
  endSession as endOne,
  inTransaction,
  listSessions as findSessions,
  type SessionDetailRow,
} from '@private-connect/db'
import type { SessionContext } from '../../context.ts'
import type { Session } from '../../contracts/index.ts'
import { readPage, type PageRequest } from '../read-page.ts'
import { recordAction } from '../record-action.ts'

/** Where the caller is signed in, newest first. */
export async function listSessions(ctx: SessionContext, input: PageRequest) {
  const { id, ...owner } = ownerOf(ctx)
  return readPage(input, {
    list: `sessions:${owner.workspaceId}:${owner.userId}`,
    fetch: (page) => findSessions(ctx.db, { ...owner, ...page }),
    position: (row) => row.id,
    present: (row) => presentSession(row, id),
  })
}

/** Ends one of the caller's sessions with the commit. Throws `session.not_found`. */
export async function endSession(ctx: SessionContext, input: { readonly id: string }) {
  const { workspaceId, userId } = ownerOf(ctx)
  await inTransaction(ctx.db, async (tx) => {
    await endOne(tx, { workspaceId, userId, sessionId: input.id })
    await recordAction(tx, ctx, { action: 'session.ended', subjectId: input.id })
  })
  ctx.ports.credentialsChanged(workspaceId)
  return { success: true as const }
}

/** Ends all sessions of the caller but this one. */
export async function endOtherSessions(ctx: SessionContext) {
  const { id: keptSessionId, ...owner } = ownerOf(ctx)
  const ended = await inTransaction(ctx.db, async (tx) => {
    const ids = await endOthers(tx, { ...owner, keptSessionId })
    await recordAction(tx, ctx, {
      action: 'session.others_ended',
      subjectId: keptSessionId,
      details: { endedCount: ids.length },
    })
    return ids
  })
  ctx.ports.credentialsChanged(owner.workspaceId)
  return { success: true as const, endedCount: ended.length }
}

function ownerOf({ credential: { id, workspaceId, userId } }: SessionContext) {
  return { id, workspaceId, userId }
}

function presentSession(row: SessionDetailRow, currentId: string): Session {
  return {
    id: row.id,
    kind: row.kind,
    ipAddress: row.ipAddress,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isCurrent: row.id === currentId,
  }
}
