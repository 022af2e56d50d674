import { AppError } from '@private-connect/errors'
import type { Policy } from './policy.ts'

/** Expired from `expiresAt` on; the same answer as for a revoked share. */
export const checkShareExpiry: Policy = ({ rules, ports }) => {
  const { expiresAtMs } = rules.grant
  return expiresAtMs !== null && ports.nowMs() >= expiresAtMs ? new AppError('share.inactive') : null
}
