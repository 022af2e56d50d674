import { app, powerMonitor } from 'electron'
import type { HubEvent } from '../../src/main/desktop/desktop.ts'
import { readEnv } from '../../src/main/env.ts'
import { createShell } from '../../src/main/shell.ts'
import { handleQuit } from '../../src/main/system/quit.ts'
import { askToQuit } from '../../src/main/tray/ask-to-quit.ts'
import { createDesktopDouble, type DesktopDouble } from './desktop-double.ts'

/** What tests reach in the main process. */
export interface ShellAppParts {
  readonly desktop: DesktopDouble
  /** What was asked of the window: `show /shares`, `toggle`. */
  readonly asked: string[]
  readonly log: string[]
  hasTray(): Promise<boolean>
  /** The app's one way to the person's browser. */
  openExternal(url: string): Promise<void>
  /** An event as the hub tells it. */
  tell(event: HubEvent): void
}

declare global {
  var shellParts: ShellAppParts
}

// The real tray, ports, notifications and login item around a desktop that only pretends.
const double = createDesktopDouble()
const log: string[] = []
const asked: string[] = []
const note = (message: string, cause?: unknown) =>
  void log.push(`${message} ${cause instanceof Error ? cause.message : ''}`)
const listeners = new Set<(event: HubEvent) => void>()
const shell = createShell({ env: readEnv(app.isPackaged), log: { info: note, warn: note } })
const desktop: DesktopDouble = Object.assign(double, {
  listPorts: () => shell.ports.listListeningPorts(),
  onEvent: (listener: (event: HubEvent) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
})

app.on('window-all-closed', () => undefined)
void app.whenReady().then(() => {
  shell.start({
    desktop,
    window: { show: (path = '') => void asked.push(`show ${path}`), toggle: () => void asked.push('toggle') },
    quit: () => app.quit(),
  })
  handleQuit({
    app,
    power: powerMonitor,
    signals: process,
    desktop,
    ask: askToQuit,
    leave: () => shell.close(),
  })
  globalThis.shellParts = {
    desktop,
    asked,
    log,
    hasTray: () => shell.hasTray(0),
    openExternal: shell.ports.openExternal,
    tell: (event) => {
      for (const listener of listeners) listener(event)
    },
  }
})
