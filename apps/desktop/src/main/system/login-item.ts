import type { App } from 'electron'
import type { Desktop } from '../desktop/desktop.ts'
import { setAutostart, type AutostartOptions } from './autostart-file.ts'

/** Given to a start at login: the app stays in the tray. */
export const hiddenSwitch = '--hidden'

export interface LoginItemOptions {
  readonly app: App
  readonly platform: NodeJS.Platform
  readonly state: Desktop['state']
  readonly autostart: AutostartOptions
  readonly logError: (message: string, cause: unknown) => void
}

/** Keeps the system's list of what starts at login as the settings say. */
export function followLoginSetting({
  app,
  platform,
  state,
  autostart,
  logError,
}: LoginItemOptions): () => void {
  let applied: boolean | null = null
  const apply = () => {
    const { startsAtLogin } = state.get().settings
    if (startsAtLogin === applied) return
    applied = startsAtLogin
    // An unpacked start would register Electron itself.
    if (!app.isPackaged) return
    if (platform === 'linux') {
      setAutostart(autostart, startsAtLogin).catch((cause: unknown) =>
        logError('The start at login could not be changed', cause),
      )
    } else {
      app.setLoginItemSettings({ openAtLogin: startsAtLogin, args: [hiddenSwitch] })
    }
  }
  apply()
  return state.subscribe(apply)
}

/** Whether the system started the app, not the person: then it opens no window, where there is a tray to find it in. */
export function wasStartedAtLogin(app: App, argv: readonly string[]): boolean {
  return (
    argv.includes(hiddenSwitch) ||
    (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)
  )
}
