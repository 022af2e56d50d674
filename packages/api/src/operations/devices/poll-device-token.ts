import {
  appendAudit,
  createSession,
  findSessionByHash,
  inTransaction,
  pollDeviceCode,
  type DevicePoll,
  type SessionHolder,
} from '@private-connect/db'
import { AppError, type ErrorCode } from '@private-connect/errors'
import type { ApiContext } from '../../context.ts'
import { sessionEnd } from '../../credentials/session-lifetime.ts'
import { hashToken, isToken, mintToken } from '../../credentials/tokens.ts'

type Refusal = Exclude<DevicePoll['state'], 'approved'>

const refusals: Record<Refusal, ErrorCode> = {
  pending: 'device.authorization_pending',
  too_soon: 'device.slow_down',
  denied: 'device.denied',
  expired: 'device.code_expired',
}

/**
 * The session of a device whose user has approved it, once (RFC 8628 §3.4). Throws `device.authorization_pending`,
 * `device.slow_down`, `device.denied`, `device.code_expired`.
 */
export async function pollDeviceToken(ctx: ApiContext, input: { readonly deviceCode: string }) {
  if (!isToken('device', input.deviceCode)) throw new AppError('device.code_expired')
  const token = mintToken('session')
  const outcome = await inTransaction(ctx.db, async (tx) => {
    const poll = await pollDeviceCode(tx, hashToken(input.deviceCode))
    // Thrown only after the commit: that it was asked, and when, is what slows it down.
    return poll.state === 'approved' ? startDeviceSession({ ...ctx, db: tx }, token, poll) : poll.state
  })
  if (typeof outcome === 'string') throw new AppError(refusals[outcome])
  const { user, workspace, session } = outcome
  return { success: true as const, token, expiresAt: session.expiresAt.toISOString(), user, workspace }
}

async function startDeviceSession(
  ctx: ApiContext,
  token: string,
  poll: Extract<DevicePoll, { state: 'approved' }>,
): Promise<SessionHolder | Refusal> {
  const { userId, workspaceId, clientName } = poll
  const nowMs = ctx.ports.nowMs()
  const tokenHash = hashToken(token)
  const session = await createSession(ctx.db, {
    tokenHash,
    userId,
    workspaceId,
    kind: 'device',
    expiresAt: sessionEnd(nowMs, nowMs),
    ipAddress: ctx.ipAddress,
    // What the user approved, which says more in a list of sessions than a library's name.
    userAgent: clientName,
  })
  await appendAudit(ctx.db, {
    workspaceId,
    actorKind: 'user',
    actorId: userId,
    action: 'session.created',
    subjectId: session.id,
    details: { kind: 'device', clientName },
    ipAddress: ctx.ipAddress,
  })
  // Null where the user lost the workspace between approving and now.
  return (await findSessionByHash(ctx.db, tokenHash)) ?? 'denied'
}
