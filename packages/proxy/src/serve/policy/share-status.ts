import { AppError } from '@private-connect/errors'
import type { Policy } from './policy.ts'

export const checkShareStatus: Policy = ({ rules }) =>
  rules.grant.isRevoked ? new AppError('share.inactive') : null
