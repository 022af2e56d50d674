import { shell as systemShell } from 'electron'
import type { DesktopLog, DesktopPorts } from './desktop/desktop.ts'
import type { Env } from './env.ts'
import { followDesktop, type ShellParts } from './follow-desktop.ts'
import { createNotifier } from './notices/create-notifier.ts'
import { createTeller } from './notices/tell.ts'
import { watchPorts } from './ports/watch-ports.ts'
import { createExternalOpener } from './system/external-links.ts'
import { connectSessionBus } from './system/session-bus.ts'
import { hasTrayHost } from './tray/tray-host.ts'

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
  const hostBus = process.platform === 'linux' ? bus : 'always'
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
    hasTray: (patienceMs) => hasTrayHost({ bus: hostBus, patienceMs }),
    start(given) {
      parts = given
      stops.push(...followDesktop({ env, logError, teller, watch, hostBus }, given))
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
