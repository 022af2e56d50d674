import type { DesktopState, ListeningPort } from '@private-connect/ui/desktop'
import { writeName } from './label.ts'
import type { MenuEntry, TextEntry } from './menu-entry.ts'

/** More than this is no menu any more; the window has them all. */
const portsMax = 20

/** *Share this port*: a click shares with the defaults. Kinds are set apart by a line, and come in the order of the list. */
export function sharePortEntry(state: DesktopState, ports: readonly ListeningPort[]): TextEntry {
  const shown = ports.slice(0, portsMax)
  const lines = shown.flatMap((port, at): readonly MenuEntry[] => {
    const previous = shown[at - 1]
    const isNewKind = previous !== undefined && previous.kind !== port.kind
    return [...(isNewKind ? ['separator' as const] : []), portEntry(state, port)]
  })
  const rest = ports.length - shown.length
  return {
    text: 'Share this port',
    isEnabled: state.account.kind === 'signed-in' && state.connection !== 'offline',
    entries: [
      ...(ports.length === 0 ? [{ text: 'Nothing is listening on this machine' }] : lines),
      'separator',
      ...(rest > 0 ? [{ text: `${rest} more…`, action: { kind: 'open', path: '/share' } } as const] : []),
      { text: 'Other port…', action: { kind: 'open', path: '/share' } },
    ],
  }
}

function portEntry(
  { shares }: DesktopState,
  { port, host, processName, framework }: ListeningPort,
): TextEntry {
  const name = processName === null ? null : writeName(processName, 24)
  const both = framework !== null && name !== null ? `${framework} (${name})` : (framework ?? name)
  const isShared = shares.some((share) => share.targetPort === port && share.targetHost === host)
  return {
    text: `${port}${both === null ? '' : ` · ${both}`}${isShared ? ' · shared' : ''}`,
    action: { kind: 'share-port', port, host },
  }
}
