import type { Share } from '@private-connect/api/contracts'
import { tellPast, tellTime } from '../components/time.ts'

interface ShareState {
  readonly tone: 'good' | 'late' | 'quiet'
  readonly word: 'Active' | 'Ends soon' | 'Revoked' | 'Expired'
  readonly sentence: string
}

const soonMs = 3_600_000

/** What a share's state is called, and since when or until when it holds. */
export function describeShare(share: Pick<Share, 'expiresAt' | 'revokedAt'>, nowMs: number): ShareState {
  const { expiresAt, revokedAt } = share
  if (revokedAt !== null)
    return { tone: 'quiet', word: 'Revoked', sentence: `revoked ${tellPast(revokedAt, nowMs)}` }
  if (expiresAt === null) return { tone: 'good', word: 'Active', sentence: 'never expires' }
  const leftMs = Date.parse(expiresAt) - nowMs
  if (leftMs <= 0)
    return { tone: 'quiet', word: 'Expired', sentence: `expired ${tellTime(expiresAt, nowMs)}` }
  const sentence = `expires ${tellTime(expiresAt, nowMs)}`
  return leftMs < soonMs
    ? { tone: 'late', word: 'Ends soon', sentence }
    : { tone: 'good', word: 'Active', sentence }
}
