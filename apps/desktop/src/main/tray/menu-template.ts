import type { DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import type { MenuEntry } from './menu-entry.ts'
import { notificationsEntry } from './notification-entries.ts'
import { sharePortEntry } from './port-entries.ts'
import { activeSharesEntry } from './share-entries.ts'
import { statusEntries } from './status-entries.ts'

export interface MenuInput {
  readonly state: DesktopState
  readonly ports: readonly ListeningPort[]
  readonly nowMs: number
}

/** The tray's whole menu. */
export function menuTemplate({ state, ports, nowMs }: MenuInput): readonly MenuEntry[] {
  const isSignedIn = state.account.kind === 'signed-in'
  return [
    ...statusEntries(state),
    'separator',
    ...(isSignedIn
      ? [sharePortEntry(state, ports), activeSharesEntry(state, nowMs), 'separator' as const]
      : []),
    notificationsEntry(state.settings, nowMs),
    'separator',
    { text: 'Open Private Connect', action: { kind: 'open' } },
    { text: 'Quit', action: { kind: 'quit' } },
  ]
}
