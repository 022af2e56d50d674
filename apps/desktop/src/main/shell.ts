import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { isLoopbackHost } from '@private-connect/sharing'
import { app, net, powerMonitor, shell as systemShell } from 'electron'
import type { Desktop, DesktopLog, DesktopPorts } from './desktop/desktop.ts'
import type { Env } from './env.ts'
import { createNotifier } from './notices/create-notifier.ts'
import { followVisits } from './notices/follow-visits.ts'
import { isPresenting } from './notices/presenting.ts'
import { createTeller, type Teller } from './notices/tell.ts'
import type { PortWatch } from './ports/port-watch.ts'
import { watchPorts } from './ports/watch-ports.ts'
import { createExternalOpener } from './system/external-links.ts'
import { followLoginSetting, hiddenSwitch } from './system/login-item.ts'
import { followPower } from './system/power.ts'
import { connectSessionBus } from './system/session-bus.ts'
import { hasTrayHost } from './tray/tray-host.ts'
import { openTray } from './tray/tray.ts'

/** What the shell needs of the rest, which in turn needs `Shell.ports`. */
export interface ShellParts {
  readonly desktop: Desktop
  readonly window: { show(path?: string): void; toggle(): void }
  readonly quit: () => void
}

/** The app's face outside of its window: ports, tray, notifications, sleep, login, the person's browser. */
export interface Shell {
  /** For `createDesktop`. */
  readonly ports: Pick<DesktopPorts, 'listListeningPorts' | 'notifyShared' | 'openExternal'>
  /** Whether the system shows tray icons, so that the app can be found without a window; waits for that as long as it is told. */
  hasTray(patienceMs: number): Promise<boolean>
  /** Shows the tray and follows everything. To be called once, when the app is ready. */
  start(parts: ShellParts): void
  /** Takes all of it away. */
  close(): void
}

export interface ShellOptions {
  readonly env: Env
  readonly log: DesktopLog
}

export function createShell({ env, log }: ShellOptions): Shell {
  const bus = createBus(env)
  const logError = (message: string, cause: unknown) => log.warn(message, cause)
  const watch = watchPorts({ systemRoot: env.systemRoot, logError })
  const notifier = createNotifier(bus)
  const stops: (() => void)[] = [() => watch.close(), () => notifier.close(), () => bus?.close()]
  let parts: ShellParts | null = null
  const teller = createTeller({
    notifier,
    openWindow: (path) => parts?.window.show(path),
    revokeShare: async (shareId) => parts?.desktop.revokeShare(shareId),
    nowMs: Date.now,
  })
  const trusted = () => {
    const state = parts?.desktop.state.get()
    return {
      hubUrl: state?.settings.hubUrl ?? '',
      linkUrls: (state?.shares ?? []).flatMap(({ url }) => url ?? []),
    }
  }
  return {
    ports: {
      listListeningPorts: () => watch.list(),
      notifyShared: (share) => teller.shared(share),
      openExternal: createExternalOpener({ trusted, open: (url) => systemShell.openExternal(url) }),
    },
    hasTray: (patienceMs) => hasTrayHost({ bus: process.platform === 'linux' ? bus : 'always', patienceMs }),
    start(given) {
      parts = given
      stops.push(...followAll({ env, logError, teller, watch }, given))
    },
    close: () => {
      for (const stop of stops.splice(0)) stop()
    },
  }
}

/** Null on other systems, and where the person has no session. */
function createBus({ sessionBusAddress }: Env) {
  if (process.platform !== 'linux' || sessionBusAddress === undefined) return null
  return connectSessionBus(sessionBusAddress)
}

interface Followed {
  readonly env: Env
  readonly logError: (message: string, cause: unknown) => void
  readonly teller: Teller
  readonly watch: PortWatch
}

/** Each answers how to stop. */
function followAll({ env, logError, teller, watch }: Followed, parts: ShellParts): (() => void)[] {
  const { desktop, window, quit } = parts
  const tellFailure = (cause: unknown) => {
    logError('What the menu asked for failed', cause)
    teller.failure(cause)
  }
  const watchWhileSignedIn = () => watch.setActive(desktop.state.get().account.kind === 'signed-in')
  watchWhileSignedIn()
  return [
    desktop.state.subscribe(watchWhileSignedIn),
    openTray({
      desktop,
      onPortsChange: (listener) => watch.onChange(listener),
      openWindow: (path) => window.show(path),
      toggleWindow: () => window.toggle(),
      quit,
      currentDesktop: env.currentDesktop,
      nowMs: Date.now,
      tellFailure,
      logError,
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
        file: join(
          env.configDir ?? join(app.getPath('home'), '.config'),
          'autostart/private-connect-desktop.desktop',
        ),
        command: [env.appImage ?? process.execPath, hiddenSwitch],
      },
      logError,
    }),
  ]
}

function isLocked(): boolean {
  return powerMonitor.getSystemIdleState(1) === 'locked'
}
