import { AppError } from '@private-connect/errors'
import type { Policy } from './policy.ts'

/** Nothing new while the hub is short of memory; what runs goes on. */
export const checkHubLoad: Policy = ({ settings }) =>
  settings.isOverloaded() ? new AppError('hub.overloaded', undefined, { retryAfterSeconds: 2 }) : null
