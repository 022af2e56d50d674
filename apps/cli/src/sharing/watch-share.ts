import { setTimeout as delay } from 'node:timers/promises'
import type { Share } from '@private-connect/api/contracts'
import type { HubClient } from '../hub/hub-client.ts'
import type { EndReason } from '../terminal/presenter.ts'

export interface ShareWatchOptions {
  readonly hub: Pick<HubClient, 'getShare'>
  readonly shareId: string
  readonly signal: AbortSignal
  readonly intervalMs?: number
}

/** Why the share ended: stopped here, expired, or revoked from elsewhere. An unreachable hub is asked again. */
export async function waitForShareEnd({
  hub,
  shareId,
  signal,
  intervalMs = 5000,
}: ShareWatchOptions): Promise<EndReason> {
  while (!signal.aborted) {
    await delay(intervalMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const share = await hub.getShare(shareId).catch(() => null)
    if (share !== null && !share.isActive) return describeEnd(share)
  }
  return 'stopped'
}

function describeEnd(share: Share): EndReason {
  return share.revokedAt === null ? 'expired' : 'revoked_elsewhere'
}
