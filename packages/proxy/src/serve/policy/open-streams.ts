import { AppError } from '@private-connect/errors'
import type { Policy } from './policy.ts'

/** Requests and upgraded connections that are open at once, over all visitors of a share and of its workspace. */
export const checkOpenStreams: Policy = ({ live, settings }) => {
  if (live.openCount >= settings.streamsPerShareMax) {
    return new AppError('share.streams_exhausted', undefined, { retryAfterSeconds: 1 })
  }
  if (live.workspace.openCount >= settings.streamsPerWorkspaceMax) {
    const sentence = 'The shares of this workspace have as many open connections as they may have together.'
    return new AppError('share.streams_exhausted', sentence, { retryAfterSeconds: 1 })
  }
  return null
}
