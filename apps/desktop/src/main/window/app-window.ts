import type { BrowserWindow } from 'electron'
import { desktopSchemas } from '@private-connect/ui/desktop'
import type { Desktop, DesktopLog } from '../desktop/desktop.ts'
import { createCrashBrake } from './crash-brake.ts'
import { pushes } from './register-ipc.ts'
import { openMainWindow, revealWindow, screenOf } from './window.ts'

export interface AppWindow {
  /** Opens the window, or brings it back. `screen` is one of its own, such as `/shares/share_…`; left out, it shows what it showed. */
  show(screen?: string): void
  /** Hides it where it is in front. */
  toggle(): void
}

export interface AppWindowPorts {
  readonly state: Desktop['state']
  readonly preloadFile: string
  readonly nowMs: () => number
  readonly log: DesktopLog
}

/** The one window of the app. It comes and goes; nothing that it shows lives in it. */
export function createAppWindow({ state, preloadFile, nowMs, log }: AppWindowPorts): AppWindow {
  const brake = createCrashBrake(nowMs)
  let window: BrowserWindow | undefined

  const open = (screen: string): void => {
    const opened = openMainWindow(preloadFile, screen)
    window = opened
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      log.warn(`The window's process has ended: ${reason}`)
      const isWanted = opened === window && opened.isVisible() && brake.allows()
      // The new one first: an app whose last window closes may quit.
      if (isWanted) open(screenOf(opened))
      opened.destroy()
    })
  }

  state.subscribe((next) => {
    const checked = desktopSchemas['desktop:state'].output.safeParse(next)
    if (!checked.success) return log.warn('A state for the window breaks the contract', checked.error)
    return send(window, pushes.state, checked.data)
  })

  const show = (screen?: string): void => {
    if (window === undefined || window.isDestroyed()) return open(screen ?? '/')
    if (screen !== undefined) send(window, pushes.navigate, screen)
    return revealWindow(window)
  }
  return {
    show,
    toggle() {
      const isInFront = window?.isDestroyed() === false && window.isVisible() && window.isFocused()
      if (isInFront) window?.hide()
      else show()
    },
  }
}

function send(window: BrowserWindow | undefined, channel: string, value: unknown): void {
  if (window === undefined || window.isDestroyed() || window.webContents.isCrashed()) return
  window.webContents.send(channel, value)
}
