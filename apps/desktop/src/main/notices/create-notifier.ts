import { app } from 'electron'
import type { SessionBus } from '../system/session-bus.ts'
import { createBusNotifier } from './bus-notifier.ts'
import { createElectronNotifier } from './electron-notifier.ts'
import type { Notifier } from './notifier.ts'

/** The name of the package's `.desktop` file. */
const desktopName = 'private-connect-desktop'

/** The package's id, under which Windows shows notifications. */
const appId = 'org.privateconnect.desktop'

/** This system's notifications; `bus` is null where they do not go over one. */
export function createNotifier(bus: SessionBus | null): Notifier {
  if (process.platform === 'win32') app.setAppUserModelId(appId)
  const otherwise = createElectronNotifier()
  return bus === null ? otherwise : createBusNotifier({ bus, desktopName, otherwise })
}
