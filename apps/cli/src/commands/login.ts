import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import type { DeviceCode, DeviceToken } from '../hub/hub-client.ts'
import { HubRefusal } from '../hub/hub-request.ts'
import { openBrowser } from '../terminal/open-browser.ts'
import type { CommandContext } from './command-context.ts'

/** `login`: signs this machine in through the browser (RFC 8628) and keeps the session for later commands. */
export async function runLogin(context: CommandContext, flags: { readonly browser: boolean }): Promise<void> {
  const { hub, sessions, presenter, hostName } = context
  const { signal } = context.listenForStop()
  const code = await hub.createDeviceCode(`private-connect on ${hostName}`.slice(0, 100))
  presenter.loginStarted(code)
  if (flags.browser) openBrowser(code.verificationUriComplete)
  const signedIn = await waitForToken({ hub, code, signal })
  if (signedIn === null) return
  await sessions.save(hub.hubUrl, signedIn.token)
  presenter.loggedIn({ email: signedIn.user.email, workspaceName: signedIn.workspace.name })
}

/** `logout`: ends the session at the hub and forgets it here, also when the hub no longer knows it. */
export async function runLogout({ hub, sessions, presenter }: CommandContext): Promise<void> {
  try {
    await hub.logOut()
  } catch (cause) {
    if (!(cause instanceof HubRefusal) || !cause.code.startsWith('auth.')) throw cause
  }
  await sessions.remove(hub.hubUrl)
  presenter.loggedOut()
}

export interface TokenWait {
  readonly hub: Pick<CommandContext['hub'], 'pollDeviceToken'>
  readonly code: Pick<DeviceCode, 'deviceCode' | 'interval'>
  readonly signal: AbortSignal
}

/** The session once the user has approved; null when they pressed Ctrl-C. */
export async function waitForToken({ hub, code, signal }: TokenWait): Promise<DeviceToken | null> {
  let intervalMs = code.interval * 1000
  for (;;) {
    await delay(intervalMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return null
    try {
      return await hub.pollDeviceToken(code.deviceCode)
    } catch (cause) {
      const reason = cause instanceof HubRefusal ? cause.code : ''
      if (reason === 'device.slow_down') intervalMs += 5000
      else if (!keepsWaiting(cause, reason)) throw toLoginFailure(cause, reason)
    }
  }
}

/** A hub that restarts meanwhile still has the code: it is in the database, and ends there. */
function keepsWaiting(cause: unknown, reason: string): boolean {
  const isAway = cause instanceof Failure && cause.kind === 'hubUnreachable'
  return isAway || reason === 'device.authorization_pending' || reason === 'request.rate_limited'
}

function toLoginFailure(cause: unknown, reason: string): unknown {
  if (reason === 'device.denied') {
    return new Failure('credentialsRefused', 'The sign-in was turned away in the browser.', { cause })
  }
  if (reason === 'device.code_expired') {
    return new Failure('credentialsRefused', 'Nobody approved this sign-in in time.', {
      hint: 'Start it again: private-connect login',
      cause,
    })
  }
  return cause
}
