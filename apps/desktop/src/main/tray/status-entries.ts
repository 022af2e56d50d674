import type { DesktopState } from '@private-connect/ui/desktop'
import type { MenuEntry } from './menu-entry.ts'
import { writeName } from './label.ts'

/** How the app is, in a few words: the first line of the menu, and the tray icon's tooltip. */
export function writeStatus({ account, connection, shares }: DesktopState): string {
  if (account.kind === 'signed-out') return 'Not signed in'
  if (account.kind === 'signing-in') return `Signing in: code ${writeName(account.userCode, 20)}`
  if (connection === 'offline') return 'Offline'
  if (connection === 'connecting') return 'Connecting…'
  if (connection === 'connected') return 'Connected, nothing is shared'
  return shares.length === 1 ? 'Sharing 1 port' : `Sharing ${shares.length} ports`
}

/** The status, what is wrong, and what can be done about it. */
export function statusEntries(state: DesktopState): readonly MenuEntry[] {
  const { account, trouble } = state
  const signIn = account.kind === 'signed-out' ? 'Sign in…' : 'Show the code…'
  return [
    { text: writeStatus(state) },
    ...(account.kind === 'signed-in' ? [{ text: writeName(account.workspaceName) }] : []),
    ...(trouble === null ? [] : [{ text: writeName(trouble, 70) }]),
    ...(account.kind === 'signed-in' ? [] : [{ text: signIn, action: { kind: 'open' } } as const]),
  ]
}
