import { defaultShareDuration, type CreateShareInput, type ShareDuration } from '../../contracts/index.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'

const hourMs = 3_600_000

const durationsMs: Record<Exclude<ShareDuration, 'never'>, number> = {
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
}

type ExpiryInput = Pick<CreateShareInput, 'expiresIn' | 'expiresAt'>

/** What a workspace allows. */
export interface ExpiryPolicy {
  readonly maxExpirySeconds: number | null
  readonly allowsNeverExpiring: boolean
}

/**
 * When a share ends, null for never. With nothing said it is the default, or the longest that the workspace allows
 * where that is shorter; throws `request.invalid` for the past and beyond the workspace's policy.
 */
export function shareExpiryOf(input: ExpiryInput, policy: ExpiryPolicy, nowMs: number): Date | null {
  const endMs = endOf(input, policy, nowMs)
  const fault = endMs === null ? describeNever(policy) : describeEnd(endMs - nowMs, policy)
  if (fault !== null) {
    throw invalidRequest([
      { path: input.expiresAt === undefined ? 'expiresIn' : 'expiresAt', message: fault },
    ])
  }
  return endMs === null ? null : new Date(endMs)
}

function describeNever({ allowsNeverExpiring, maxExpirySeconds }: ExpiryPolicy): string | null {
  const isAllowed = allowsNeverExpiring && maxExpirySeconds === null
  return isAllowed ? null : 'This workspace does not allow shares that never expire'
}

function describeEnd(leftMs: number, { maxExpirySeconds }: ExpiryPolicy): string | null {
  if (leftMs <= 0) return 'Must be in the future'
  if (maxExpirySeconds === null || leftMs <= maxExpirySeconds * 1000) return null
  return `This workspace allows at most ${maxExpirySeconds} seconds`
}

function endOf(
  { expiresIn, expiresAt }: ExpiryInput,
  { maxExpirySeconds }: ExpiryPolicy,
  nowMs: number,
): number | null {
  if (expiresAt !== undefined) return Date.parse(expiresAt)
  if (expiresIn === 'never') return null
  if (expiresIn !== undefined) return nowMs + durationsMs[expiresIn]
  return nowMs + Math.min(durationsMs[defaultShareDuration], (maxExpirySeconds ?? Infinity) * 1000)
}
