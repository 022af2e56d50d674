import { HubRefusal, isHubsOwnPage, waitForToken } from '@private-connect/sharing'
import { openBrowser } from '../terminal/open-browser.ts'
import type { CommandContext } from './command-context.ts'

/** `login`: signs this machine in through the browser (RFC 8628) and keeps the session for later commands. */
export async function runLogin(context: CommandContext, flags: { readonly browser: boolean }): Promise<void> {
  const { hub, sessions, presenter, hostName } = context
  const { signal } = context.listenForStop()
  const code = await hub.createDeviceCode(`private-connect on ${hostName}`.slice(0, 100))
  presenter.loginStarted(code)
  const page = code.verificationUriComplete
  // Another server's page is shown, and opened by nobody but the user.
  if (flags.browser && isHubsOwnPage(page, hub.hubUrl)) openBrowser(page)
  const signedIn = await waitForToken({
    hub,
    code,
    signal,
    startAgainHint: 'Start it again: npx private-connect login',
  })
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
