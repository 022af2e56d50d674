import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { appOrigin } from './app-protocol.ts'

export interface MainWindowOptions {
  readonly preloadFile: string
  /** Where `npm run dev` serves the window; undefined loads the built one. */
  readonly developmentUrl: string | undefined
}

/** The app's window, shown once its first paint is done. */
export function openMainWindow({ preloadFile, developmentUrl }: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 880,
    height: 760,
    minWidth: 420,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1318' : '#f5f6f8',
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
  void window.loadURL(developmentUrl ?? `${appOrigin}/`)
  return window
}

/** Brings the window back when the app is started a second time. */
export function revealWindow(window: BrowserWindow | undefined): void {
  if (window === undefined || window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Where the build puts things, seen from the built main script. */
export function builtPaths(mainDir: string): { readonly preloadFile: string; readonly rendererDir: string } {
  return {
    preloadFile: join(mainDir, '../preload/index.cjs'),
    rendererDir: join(mainDir, '../renderer'),
  }
}
