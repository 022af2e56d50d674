import { unwrap, type SessionBus } from '../system/session-bus.ts'

/**
 * Whether the system shows tray icons. Electron does not tell: on Linux it puts the icon on the session bus, where some desktops,
 * such as GNOME without an extension, take it from nobody. `bus` is null where the session has none.
 */
export async function hasTrayHost(bus: Pick<SessionBus, 'call'> | 'always' | null): Promise<boolean> {
  if (bus === 'always') return true
  if (bus === null) return false
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
