import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { isLoopbackHost } from '@private-connect/sharing'
import { app, net, powerMonitor } from 'electron'
import type { Desktop } from './desktop/desktop.ts'
import type { Env } from './env.ts'
import { followVisits } from './notices/follow-visits.ts'
import { isPresenting } from './notices/presenting.ts'
import type { Teller } from './notices/tell.ts'
import type { PortWatch } from './ports/port-watch.ts'
import { followLoginSetting, hiddenSwitch } from './system/login-item.ts'
import { followPower } from './system/power.ts'
import { keepTray } from './tray/keep-tray.ts'
import { hasTrayHost, type TrayHostOptions } from './tray/tray-host.ts'
import { openTray, type TrayOptions } from './tray/tray.ts'

/** What the shell needs of the rest, which in turn needs its ports. */
export interface ShellParts {
  readonly desktop: Desktop
  readonly window: { show(path?: string): void; toggle(): void }
  readonly quit: () => void
}

export interface FollowOptions {
  readonly env: Env
  readonly logError: (message: string, cause: unknown) => void
  readonly teller: Teller
  readonly watch: PortWatch
  readonly hostBus: TrayHostOptions['bus']
}

/** Tray, notices, sleep and login item follow the desktop; each answers how to stop. */
export function followDesktop(options: FollowOptions, parts: ShellParts): (() => void)[] {
  const { env, logError, teller, watch, hostBus } = options
  const { desktop } = parts
  const watchWhileSignedIn = () => watch.setActive(desktop.state.get().account.kind === 'signed-in')
  watchWhileSignedIn()
  return [
    desktop.state.subscribe(watchWhileSignedIn),
    keepTray({
      open: () => openTray(trayOptions(options, parts)),
      hasHost: (patienceMs, signal) => hasTrayHost({ bus: hostBus, patienceMs, signal }),
    }),
    followVisits({
      desktop,
      isPresenting: () => isPresenting({ platform: process.platform, hasX11: env.hasX11, isLocked }),
      tell: (notice) => teller.visit(notice),
      nowMs: Date.now,
    }),
    followPower({
      power: powerMonitor,
      desktop,
      isOnline: () => net.isOnline(),
      addresses: () => JSON.stringify(networkInterfaces()),
      isLocalHub: (hubUrl) => isLoopbackHost(new URL(hubUrl).hostname),
    }),
    followLoginSetting({
      app,
      platform: process.platform,
      state: desktop.state,
      autostart: {
        file: join(env.configDir ?? join(app.getPath('home'), '.config'), autostartFile),
        command: [env.appImage ?? process.execPath, hiddenSwitch],
      },
      logError,
    }),
  ]
}

/** Below the person's folder for settings. */
const autostartFile = 'autostart/private-connect-desktop.desktop'

function trayOptions({ env, logError, teller, watch }: FollowOptions, parts: ShellParts): TrayOptions {
  const { desktop, window, quit } = parts
  return {
    desktop,
    onPortsChange: (listener) => watch.onChange(listener),
    openWindow: (path) => window.show(path),
    toggleWindow: () => window.toggle(),
    quit,
    currentDesktop: env.currentDesktop,
    nowMs: Date.now,
    tellFailure: (cause) => {
      logError('What the menu asked for failed', cause)
      teller.failure(cause)
    },
    logError,
  }
}

function isLocked(): boolean {
  return powerMonitor.getSystemIdleState(1) === 'locked'
}
