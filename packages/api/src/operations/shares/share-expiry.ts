import { defaultShareDuration, type CreateShareInput, type ShareDuration } from '../../contracts/index.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'

const hourMs = 3_600_000

const durationsMs: Record<Exclude<ShareDuration, 'never'>, number> = {
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
}

/** What a workspace allows. */
export interface ExpiryPolicy {
  readonly maxExpirySeconds: number | null
  readonly allowsNeverExpiring: boolean
}

/** When a new share ends, null for never; throws `request.invalid` for the past and beyond the workspace's policy. */
export function shareExpiryOf(
  input: Pick<CreateShareInput, 'expiresIn' | 'expiresAt'>,
  policy: ExpiryPolicy,
  nowMs: number,
): Date | null {
  const endMs = endOf(input, nowMs)
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

function endOf(input: Pick<CreateShareInput, 'expiresIn' | 'expiresAt'>, nowMs: number): number | null {
  if (input.expiresAt !== undefined) return Date.parse(input.expiresAt)
  const duration = input.expiresIn ?? defaultShareDuration
  return duration === 'never' ? null : nowMs + durationsMs[duration]
}
