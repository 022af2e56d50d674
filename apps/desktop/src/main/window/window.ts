import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { appOrigin } from './app-protocol.ts'

/** A window with one of its own screens, such as `/shares`, shown once its first paint is done. */
export function openMainWindow(preloadFile: string, screen: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1080,
    height: 760,
    minWidth: 420,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    title: 'Private Connect',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#101418' : '#f6f7f9',
    webPreferences: {
      preload: preloadFile,
      // Spelled out though these are the defaults: each is a promise that a test reads back from the live window.
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${appOrigin}/#${screen}`)
  return window
}

/** Brings a window back that is hidden, minimized or behind others. */
export function revealWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** The screen that a window shows, as `openMainWindow` takes it. */
export function screenOf(window: BrowserWindow): string {
  return URL.parse(window.webContents.getURL())?.hash.slice(1) || '/'
}

/** Where the build puts things, seen from the built main script. */
export function builtPaths(mainDir: string): { readonly preloadFile: string; readonly rendererDir: string } {
  return {
    preloadFile: join(mainDir, '../preload/index.cjs'),
    rendererDir: join(mainDir, '../renderer'),
  }
}
