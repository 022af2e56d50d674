import { app, clipboard, ipcMain, powerMonitor, protocol, session } from 'electron'
import type { DesktopLog } from './desktop/desktop.ts'
import { readEnv } from './env.ts'
import { fetchBySystem, openDesktop } from './open-desktop.ts'
import { createShell } from './shell.ts'
import { findDeepLink } from './system/deep-link.ts'
import { followDeepLinks } from './system/deep-link-events.ts'
import { wasStartedAtLogin } from './system/login-item.ts'
import { handleQuit } from './system/quit.ts'
import { askToQuit } from './tray/ask-to-quit.ts'
import { registerAppScheme } from './window/app-protocol.ts'
import { createAppWindow, type AppWindow } from './window/app-window.ts'
import { lockDownContents } from './window/lock-down.ts'
import { serveWindow } from './window/serve-window.ts'
import { builtPaths } from './window/window.ts'

const log: DesktopLog = {
  info: (message) => void process.stderr.write(`${message}\n`),
  warn: (message, cause) => void process.stderr.write(`${message} ${describeCause(cause)}\n`),
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : ''
}

/** At login the desktop's tray may come up after the app. */
const trayPatienceMs = 15_000

async function start(): Promise<void> {
  const env = readEnv(app.isPackaged)
  const { preloadFile, rendererDir } = builtPaths(import.meta.dirname)
  const opened = Promise.withResolvers<AppWindow>()
  registerAppScheme(protocol)
  lockDownContents(app)
  followDeepLinks(app, (path) => void opened.promise.then((window) => window.show(path)))
  await app.whenReady()

  const shell = createShell({ env, log })
  const desktop = await openDesktop(shell, log)
  const window = createAppWindow({ state: desktop.state, preloadFile, nowMs: Date.now, log })
  serveWindow(
    { ipcMain, protocol, session: session.defaultSession },
    {
      desktop,
      appInfo: {
        name: 'Private Connect',
        version: app.getVersion(),
        electronVersion: process.versions.electron,
      },
      rendererDir,
      developmentUrl: env.developmentUrl,
      fetch: fetchBySystem,
      writeClipboard: (text) => void clipboard.writeText(text),
      log,
    },
  )
  shell.start({ desktop, window, quit: () => app.quit() })
  handleQuit({
    app,
    power: powerMonitor,
    signals: process,
    desktop,
    ask: askToQuit,
    leave: () => shell.close(),
  })
  app.on('activate', () => window.show())
  // An app without tray and window could not be reached.
  app.on('window-all-closed', () => void shell.hasTray(0).then((hasTray) => hasTray || app.quit()))
  opened.resolve(window)
  const isHidden = wasStartedAtLogin(app, process.argv) && (await shell.hasTray(trayPatienceMs))
  if (!isHidden) window.show(findDeepLink(process.argv) ?? undefined)
}

// A second start hands over to the first one: two would fight for the same agent identity.
if (app.requestSingleInstanceLock()) void start()
else app.quit()
