import { AppError } from '@private-connect/errors'
import type { Policy } from './authorize.ts'

/** Requests and upgraded connections that are open at once, over all visitors of a share. */
export const checkOpenStreams: Policy = ({ live, settings }) =>
  live.openCount < settings.streamsPerShareMax
    ? null
    : new AppError('share.streams_exhausted', undefined, { retryAfterSeconds: 1 })
