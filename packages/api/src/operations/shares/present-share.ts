import type { ShareRow } from '@private-connect/db'
import type { ApiContext } from '../../context.ts'
import type { Share } from '../../contracts/index.ts'
import { isoTimeOf } from '../iso-time.ts'

/** A share as lists show it: with its token's preview only, in `shareUrl` too (SPEC §5). */
export function presentShare({ ports }: Pick<ApiContext, 'ports'>, row: ShareRow): Share {
  const isExpired = row.expiresAt !== null && row.expiresAt.getTime() <= ports.nowMs()
  return {
    id: row.id,
    serviceId: row.serviceId,
    name: row.name,
    description: row.description,
    tokenPreview: row.tokenPreview,
    expiresAt: isoTimeOf(row.expiresAt),
    revokedAt: isoTimeOf(row.revokedAt),
    isActive: row.revokedAt === null && !isExpired,
    allowedPaths: row.allowedPaths === null ? null : [...row.allowedPaths],
    allowedMethods: row.allowedMethods === null ? null : [...row.allowedMethods],
    rateLimitPerMin: row.rateLimitPerMin,
    allowWrites: row.allowWrites,
    maskedColumns: [...row.maskedColumns],
    createdAt: row.createdAt.toISOString(),
    lastAccessedAt: isoTimeOf(row.lastAccessedAt),
    accessCount: row.accessCount,
    shareUrl: `/shared/${row.tokenPreview}`,
  }
}
