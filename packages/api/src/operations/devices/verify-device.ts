import { decideDeviceCode, findDeviceCode, inTransaction, type DeviceCodeRow } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import { networkOf } from '@private-connect/network'
import type { SessionContext } from '../../context.ts'
import { hashToken } from '../../credentials/tokens.ts'
import { normalizeUserCode } from '../../credentials/user-code.ts'
import { recordAction } from '../record-action.ts'

/** For each user and each network: at 2^34 codes, guessing one that lives 10 minutes is hopeless. */
const attemptsPerMin = 10

export interface DeviceVerification {
  readonly userCode: string
  readonly decision?: 'approve' | 'deny' | undefined
}

/**
 * Shows which device shows this code, and with a decision lets it in as the caller or turns it away, once. Every call
 * counts as an attempt. Throws `device.code_not_found`, `request.rate_limited`.
 */
export async function verifyDevice(ctx: SessionContext, { userCode, decision }: DeviceVerification) {
  const { userId, workspaceId } = ctx.credential
  await ctx.ports.machines.countAttempt(`device user ${userId}`, attemptsPerMin)
  await ctx.ports.machines.countAttempt(`device address ${networkOf(ctx.ipAddress)}`, attemptsPerMin)
  const normal = normalizeUserCode(userCode)
  if (normal === null) throw new AppError('device.code_not_found')
  const userCodeHash = hashToken(normal)
  if (decision === undefined) return presentDevice(await findDeviceCode(ctx.db, userCodeHash))
  const isApproved = decision === 'approve'
  const decided = await inTransaction(ctx.db, async (tx) => {
    const row = await decideDeviceCode(tx, { userCodeHash, userId, workspaceId, isApproved })
    if (row === null) return null
    await recordAction(tx, ctx, {
      action: isApproved ? 'device.approved' : 'device.denied',
      subjectId: row.id,
      details: { clientName: row.clientName, deviceAddress: row.ipAddress },
    })
    return row
  })
  return presentDevice(decided)
}

function presentDevice(row: DeviceCodeRow | null) {
  if (row === null) throw new AppError('device.code_not_found')
  return {
    success: true as const,
    device: {
      clientName: row.clientName,
      ipAddress: row.ipAddress,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
    },
  }
}
