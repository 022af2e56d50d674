import { unwrap, type SessionBus } from '../system/session-bus.ts'

export interface TrayHostOptions {
  /** Null where the session has none; `always` where the system has a tray by itself. */
  readonly bus: Pick<SessionBus, 'call'> | 'always' | null
  /** How long to wait for one: at login the desktop may come up after the app. Without an end for whoever gives a signal. */
  readonly patienceMs: number
  readonly signal?: AbortSignal
}

const askEveryMs = 500
/** After the first half minute, in which desktops come up. */
const askSeldomMs = 10_000

/**
 * Whether the system shows tray icons. Electron does not tell: on Linux it puts the icon on the session bus, where some desktops,
 * such as GNOME without an extension, take it from nobody.
 */
export async function hasTrayHost({ bus, patienceMs, signal }: TrayHostOptions): Promise<boolean> {
  if (bus === 'always') return true
  if (bus === null) return false
  for (let waitedMs = 0; ; waitedMs += pauseMs(waitedMs)) {
    if (signal?.aborted === true) return false
    if (await askForHost(bus)) return true
    if (waitedMs >= patienceMs) return false
    await new Promise((done) => setTimeout(done, pauseMs(waitedMs)).unref())
  }
}

function pauseMs(waitedMs: number): number {
  return waitedMs < 30_000 ? askEveryMs : askSeldomMs
}

async function askForHost(bus: Pick<SessionBus, 'call'>): Promise<boolean> {
  try {
    const [isRegistered] = await bus.call({
      destination: 'org.kde.StatusNotifierWatcher',
      path: '/StatusNotifierWatcher',
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      signature: 'ss',
      body: ['org.kde.StatusNotifierWatcher', 'IsStatusNotifierHostRegistered'],
    })
    return unwrap(isRegistered) === true
  } catch {
    return false
  }
}
