import { app, ipcMain, protocol, session, type BrowserWindow } from 'electron'
import { originOf } from './window/answer-ipc.ts'
import { appOrigin, registerAppScheme, serveApp } from './window/app-protocol.ts'
import { readEnv } from './env.ts'
import { denyPermissions, lockDownContents } from './window/lock-down.ts'
import { registerIpc } from './window/register-ipc.ts'
import { builtPaths, openMainWindow, revealWindow } from './window/window.ts'

const { developmentUrl } = readEnv(app.isPackaged)
const { preloadFile, rendererDir } = builtPaths(import.meta.dirname)
let mainWindow: BrowserWindow | undefined

function openWindow(): void {
  mainWindow = openMainWindow({ preloadFile, developmentUrl })
}

async function start(): Promise<void> {
  registerAppScheme(protocol)
  lockDownContents(app)
  registerIpc(ipcMain, {
    trustedOrigin: (developmentUrl === undefined ? null : originOf(developmentUrl)) ?? appOrigin,
    handlers: {
      'app:info': () => ({
        name: 'Private Connect',
        version: app.getVersion(),
        electronVersion: process.versions.electron,
      }),
    },
    logError: (message, cause) => process.stderr.write(`${message}: ${String(cause)}\n`),
  })
  app.on('second-instance', () => revealWindow(mainWindow))
  app.on('activate', () => (mainWindow?.isDestroyed() === false ? revealWindow(mainWindow) : openWindow()))
  // There is no tray yet, so an app without a window could not be reached; macOS keeps its dock icon.
  app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit())
  await app.whenReady()
  denyPermissions(session.defaultSession)
  serveApp(protocol, rendererDir)
  openWindow()
}

// A second start hands over to the first one: two would fight for the same agent identity.
if (app.requestSingleInstanceLock()) void start()
else app.quit()
