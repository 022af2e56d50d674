import { join } from 'node:path'
import { app, ipcMain, net, protocol, session } from 'electron'
import { registerAppScheme } from '../../src/main/window/app-protocol.ts'
import { createAppWindow, type AppWindow } from '../../src/main/window/app-window.ts'
import { lockDownContents } from '../../src/main/window/lock-down.ts'
import { serveWindow } from '../../src/main/window/serve-window.ts'
import { createDesktopDouble, type DesktopDouble } from './desktop-double.ts'

/** What tests reach in the main process. */
export interface WindowAppParts {
  readonly desktop: DesktopDouble
  readonly window: AppWindow
  readonly log: string[]
  readonly clipboard: string[]
}

declare global {
  var parts: WindowAppParts
}

// The app's own window around a desktop that only pretends: no hub, no tunnel, no keyring is needed to see every screen.
const out = join(app.getAppPath(), 'out')
const desktop = createDesktopDouble()
const log: string[] = []
const clipboard: string[] = []
const note = (message: string, cause?: unknown) =>
  void log.push(cause instanceof Error ? `${message} ${cause.message}` : message)

registerAppScheme(protocol)
lockDownContents(app)
app.on('window-all-closed', () => undefined)
void app.whenReady().then(() => {
  serveWindow(
    { ipcMain, protocol, session: session.defaultSession },
    {
      desktop,
      appInfo: {
        name: 'Private Connect',
        version: app.getVersion(),
        electronVersion: process.versions.electron,
      },
      rendererDir: join(out, 'renderer'),
      developmentUrl: undefined,
      fetch: ((url: string, init?: RequestInit) => net.fetch(url, init)) as typeof globalThis.fetch,
      writeClipboard: (text) => void clipboard.push(text),
      log: { info: note, warn: note },
    },
  )
  const window = createAppWindow({
    state: desktop.state,
    preloadFile: join(out, 'preload/index.cjs'),
    nowMs: Date.now,
    log: { info: note, warn: note },
  })
  globalThis.parts = { desktop, window, log, clipboard }
  window.show()
})
