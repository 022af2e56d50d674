import { findShareGrantByTokenHash } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { ApiContext } from '../../context.ts'
import { hashToken, isToken } from '../../credentials/tokens.ts'

/**
 * What anyone who has the link may know of a share. Throws `share.not_found`, and `share.inactive` alike for
 * expired and revoked ones.
 */
export async function getShareInfo(ctx: ApiContext, { token }: { readonly token: string }) {
  if (!isToken('share', token)) throw new AppError('share.not_found')
  const grant = await findShareGrantByTokenHash(ctx.db, hashToken(token))
  if (grant === null) throw new AppError('share.not_found')
  const isExpired = grant.expiresAtMs !== null && grant.expiresAtMs <= ctx.ports.nowMs()
  if (grant.isRevoked || isExpired) throw new AppError('share.inactive')
  const { service, hidesTarget } = grant
  return {
    name: grant.name,
    description: grant.description,
    expiresAt: grant.expiresAtMs === null ? null : new Date(grant.expiresAtMs).toISOString(),
    workspaceName: grant.workspaceName,
    service: {
      name: service.name,
      targetHost: hidesTarget ? null : service.targetHost,
      targetPort: hidesTarget ? null : service.targetPort,
      protocol: service.protocol,
    },
  }
}
