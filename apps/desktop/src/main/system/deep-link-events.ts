import type { App } from 'electron'
import { deepLinkScheme, findDeepLink, readDeepLink } from './deep-link.ts'

/**
 * Hears links of the app's scheme from the system, those of a second start too. `show` gets the path that is asked for; without one, a
 * second start just wants the window. To be called before the app is ready: macOS tells of the first link early.
 */
export function followDeepLinks(app: App, show: (path?: string) => void): void {
  app.on('open-url', (event, url) => {
    event.preventDefault()
    const path = readDeepLink(url)
    if (path !== null) void app.whenReady().then(() => show(path))
  })
  app.on('second-instance', (_event, argv) => show(findDeepLink(argv) ?? undefined))
  // Linux: the package's .desktop file says so. An unpacked start would register Electron itself.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(deepLinkScheme)
}
