import type { DesktopSettings, DesktopShare, DesktopState, ListeningPort } from '@private-connect/ui/desktop'

/** A moment for tests of what depends on the time. */
export const nowMs = Date.UTC(2026, 10, 22, 12)

export function aShare(changes: Partial<DesktopShare> = {}): DesktopShare {
  return {
    id: 'share_01',
    name: 'shop',
    url: 'https://hub.example/shared/share_tok_x',
    targetHost: '127.0.0.1',
    targetPort: 5173,
    expiresAtMs: nowMs + 23.5 * 3_600_000,
    visitorCount: 0,
    ...changes,
  }
}

export function aPort(changes: Partial<ListeningPort> = {}): ListeningPort {
  return { port: 5173, host: '127.0.0.1', processName: 'node', framework: 'Vite', kind: 'web', ...changes }
}

const settings: DesktopSettings = {
  hubUrl: 'http://127.0.0.1:7300',
  startsAtLogin: false,
  notifies: true,
  snoozedUntilMs: null,
  defaultExpiry: '24h',
  ignoredProcesses: [],
}

/** A signed-in, connected desktop, unless told otherwise. */
export function aState(
  changes: Partial<Omit<DesktopState, 'settings'>> & { settings?: Partial<DesktopSettings> } = {},
): DesktopState {
  return {
    connection: 'connected',
    trouble: null,
    account: { kind: 'signed-in', email: 'ada@example.com', workspaceName: 'Ada’s workspace' },
    shares: [],
    secretStorage: 'keyring',
    hasKeyring: true,
    ...changes,
    settings: { ...settings, ...changes.settings },
  }
}
