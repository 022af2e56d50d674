import { setTimeout as delay } from 'node:timers/promises'
import { Failure, HubRefusal } from './failure.ts'
import type { DeviceCode, DeviceToken } from './requests.ts'

export interface TokenWait {
  readonly hub: {
    /** Rejects with a HubRefusal (`device.authorization_pending` …) until the user has decided. */
    pollDeviceToken(deviceCode: string): Promise<DeviceToken>
  }
  readonly code: Pick<DeviceCode, 'deviceCode' | 'interval'>
  readonly signal: AbortSignal
  /** What to do when nobody came in time. */
  readonly startAgainHint: string
}

/** The session once the user has approved this device (RFC 8628); null when `signal` was aborted. */
export async function waitForToken({
  hub,
  code,
  signal,
  startAgainHint,
}: TokenWait): Promise<DeviceToken | null> {
  let intervalMs = code.interval * 1000
  for (;;) {
    await delay(intervalMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return null
    try {
      return await hub.pollDeviceToken(code.deviceCode)
    } catch (cause) {
      const reason = cause instanceof HubRefusal ? cause.code : ''
      if (reason === 'device.slow_down') intervalMs += 5000
      else if (!keepsWaiting(cause, reason)) throw toLoginFailure(cause, reason, startAgainHint)
    }
  }
}

/** A hub that restarts meanwhile still has the code: it is in the database, and ends there. */
function keepsWaiting(cause: unknown, reason: string): boolean {
  const isAway = cause instanceof Failure && cause.kind === 'hubUnreachable'
  return isAway || reason === 'device.authorization_pending' || reason === 'request.rate_limited'
}

function toLoginFailure(cause: unknown, reason: string, startAgainHint: string): unknown {
  if (reason === 'device.denied') {
    return new Failure('credentialsRefused', 'The sign-in was turned away in the browser.', { cause })
  }
  if (reason === 'device.code_expired') {
    return new Failure('credentialsRefused', 'Nobody approved this sign-in in time.', {
      hint: startAgainHint,
      cause,
    })
  }
  return cause
}
