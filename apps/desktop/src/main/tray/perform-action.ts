import type { Desktop } from '../desktop/desktop.ts'
import type { MenuAction } from './menu-entry.ts'
import { minutesUntilTomorrow } from './notification-entries.ts'

export interface ActionPorts {
  readonly desktop: Pick<
    Desktop,
    'sharePort' | 'copyLink' | 'openLink' | 'revokeShare' | 'extendShare' | 'changeSettings' | 'snooze'
  >
  /** Shows the window, at a path of its own. */
  readonly openWindow: (path?: string) => void
  readonly quit: () => void
  readonly nowMs: () => number
}

/** Does what a click on the menu asked for. Rejects with what the desktop rejects with. */
export async function performAction(ports: ActionPorts, action: MenuAction): Promise<void> {
  const { desktop } = ports
  switch (action.kind) {
    case 'share-port':
      await desktop.sharePort({ port: action.port, host: action.host })
      return
    case 'open':
      return ports.openWindow(action.path)
    case 'copy-link':
      return desktop.copyLink(action.shareId)
    case 'open-link':
      return desktop.openLink(action.shareId)
    case 'revoke':
      return desktop.revokeShare(action.shareId)
    case 'extend':
      return desktop.extendShare(action.shareId, action.by)
    case 'notify':
      return desktop.changeSettings({ notifies: action.isOn })
    case 'snooze':
      return desktop.snooze(snoozeMinutes(action.until, ports.nowMs()))
    case 'quit':
      return ports.quit()
  }
}

function snoozeMinutes(until: 'hour' | 'tomorrow' | 'now', nowMs: number): number | null {
  if (until === 'now') return null
  return until === 'hour' ? 60 : minutesUntilTomorrow(nowMs)
}
